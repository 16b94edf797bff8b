#include "app/lambda_handler.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <utility>

#include "app/check_log.h"
#include "app/metrics.h"
#include "app/report_json.h"
#include "app/shard.h"
#include "app/sqs_event.h"

namespace fas::app {

namespace {

// Kept back from the invocation's deadline, to tell Lambda what happened.
constexpr Milliseconds answer_time{500};

// How long an invocation may take when Lambda gave no deadline.
constexpr Milliseconds invocation_time_max{30'000};

// A check of a loop is not begun with less time left than this, or twice what the longest took.
constexpr Milliseconds check_time_min{1'000};

InvocationError configuration_error(const std::vector<Problem>& problems) {
    std::string message = "the configuration is not usable:";
    for (const Problem& problem : problems) {
        message += "\n";
        message += describe(problem);
    }
    return {.type = "Autoscaler.ConfigurationInvalid", .message = std::move(message)};
}

// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html
void export_trace_id(const std::string& trace_id) {
    if (trace_id.empty()) {
        unsetenv("_X_AMZN_TRACE_ID");
    } else {
        setenv("_X_AMZN_TRACE_ID", trace_id.c_str(), 1);
    }
}

void print_metrics(Output& out, const engine::CheckReport& report, const TargetSettings& target) {
    const adapters::TargetIdentity identity = identity_of(target);
    out.write(metrics_line(report, identity.group, identity.name) + "\n");
}

std::string all_checks_json(const std::vector<engine::CheckReport>& reports,
                            std::int64_t left_out) {
    std::string json = "{\"checks\":[";
    for (const engine::CheckReport& report : reports) {
        if (&report != &reports.front()) json += ',';
        json += report_json(report);
    }
    json += fmt::format("],\"left_out\":{}}}", left_out);
    return json;
}

// Lambda takes 6 MB of a result: of many targets, those that were scaled, as far as there is room.
std::string fleet_json(const std::vector<engine::CheckReport>& reports, std::size_t targets,
                       std::int64_t left_out) {
    constexpr std::size_t scaled_bytes_max = std::size_t{1} << 20U;
    std::string scaled;
    for (const engine::CheckReport& report : reports) {
        if (!report.changed || scaled.size() > scaled_bytes_max) continue;
        if (!scaled.empty()) scaled += ',';
        scaled += report_json(report);
    }
    return fmt::format(R"({{"targets":{},"checks":{},"scaled":[{}],"left_out":{}}})", targets,
                       reports.size(), scaled, left_out);
}

}  // namespace

// What the configuration lacks, the event may bring: no error yet.
reactor::Task<Result<void>> LambdaHandler::prepare() {
    const reactor::Scope scope = reactor::Scope{signals_.abort()}.within(invocation_time_max);
    const auto unreadable = co_await look_for_configuration(scope);
    const Event nothing;
    if (!unreadable && !configure(nothing)) co_await fleet_->prefetch(scope);
    co_return Result<void>{};
}

reactor::Task<std::variant<std::string, InvocationError>> LambdaHandler::handle(
    Invocation invocation) {
    export_trace_id(invocation.trace_id);
    const reactor::Scope scope = scope_of(invocation);
    if (auto messages = read_sqs_event(invocation.event)) {
        co_return co_await check_batch(std::move(*messages), scope);
    }
    Document event{"event", std::move(invocation.event)};
    auto checked = co_await check(std::move(event), scope);
    if (auto* error = std::get_if<InvocationError>(&checked)) co_return std::move(*error);
    const auto& checks = std::get<Checks>(checked);
    if (auto error = error_of(checks)) co_return std::move(*error);
    co_return result_json(checks);
}

std::string LambdaHandler::result_json(const Checks& checks) const {
    if (fleet_->configuration().listed) {
        return fleet_json(checks.reports, fleet_->size(), checks.left_out);
    }
    if (checks.reports.size() == 1 && checks.left_out == 0) {
        return report_json(checks.reports.front());
    }
    return all_checks_json(checks.reports, checks.left_out);
}

// A batch fails as a whole only where all of it did: then Lambda counts an error as well.
reactor::Task<std::variant<std::string, InvocationError>> LambdaHandler::check_batch(
    std::vector<SqsMessage> messages, reactor::Scope scope) {
    const std::size_t count = messages.size();
    std::vector<std::string> failed;
    std::optional<InvocationError> last_error;
    for (SameMessages& same : group_by_body(std::move(messages))) {
        Document event{fmt::format("SQS message {}", same.ids.front()), std::move(same.body)};
        auto checked = co_await check(std::move(event), scope);
        std::optional<InvocationError> error;
        if (auto* unusable = std::get_if<InvocationError>(&checked)) {
            error = std::move(*unusable);
        } else {
            error = error_of(std::get<Checks>(checked));
        }
        if (!error) continue;
        std::ranges::move(same.ids, std::back_inserter(failed));
        last_error = std::move(error);
    }
    if (failed.size() == count) co_return std::move(*last_error);
    co_return batch_result(failed);
}

reactor::Task<std::variant<LambdaHandler::Checks, InvocationError>> LambdaHandler::check(
    Document event, reactor::Scope scope) {
    auto error = co_await look_for_configuration(scope);
    if (!error) error = configure(read_event(std::move(event)));
    say_configuration(error);
    if (error) co_return std::move(*error);
    co_await discover(scope);
    const ProcessSettings& process = fleet_->configuration().process;
    const auto interval = std::chrono::round<Milliseconds>(process.check_interval);
    const std::int64_t wanted = process.checks_per_invocation;
    SteadyTime start = reactor::now();
    Milliseconds longest{0};
    std::int64_t made = 0;
    Checks checks;
    for (; made < wanted; ++made) {
        if (made > 0) {
            start = std::max(start + interval, reactor::now());
            const bool in_time = co_await wait_for_next(start, longest, scope);
            if (!in_time) break;
        }
        const SteadyTime begun = reactor::now();
        checks.unchecked += co_await check_targets(scope);
        const auto took = reactor::now() - begun;
        longest = std::max(longest, std::chrono::ceil<Milliseconds>(took));
    }
    checks.reports = std::exchange(reports_, {});
    checks.left_out = wanted - made;
    co_return checks;
}

void LambdaHandler::say_configuration(const std::optional<InvocationError>& error) {
    std::vector<Error> errors;
    if (error) errors.push_back(make_error(ErrorKind::invalid, error->type, error->message));
    plumbing_.troubles.note("where", "configuration", errors, reactor::now());
}

// How many there was no time for.
reactor::Task<std::size_t> LambdaHandler::check_targets(reactor::Scope scope) {
    const engine::Fleet::Sweep sweep{Milliseconds{0}, scope, scope,
                                     engine::Fleet::Slow::waited_for};
    const std::size_t unchecked = co_await fleet_->sweep(sweep);
    co_await fleet_->finish(false, scope);
    co_return unchecked;
}

void LambdaHandler::keep_report(const engine::CheckReport& report) {
    plumbing_.troubles.note("target", report.target, report.errors, reactor::now());
    log_decision(plumbing_.log, report);
    const TargetSettings* target = fleet_->target(report.target);
    if (target != nullptr && fleet_->configuration().process.metrics == Metrics::emf) {
        print_metrics(plumbing_.out, report, *target);
    }
    reports_.push_back(report);
}

// Whether there is time for a check at `start`, once that has come. The first SIGTERM ends the
// wait.
reactor::Task<bool> LambdaHandler::wait_for_next(SteadyTime start, Milliseconds longest,
                                                 reactor::Scope scope) {
    if (start + std::max(check_time_min, 2 * longest) > scope.deadline) co_return false;
    const auto pause = std::chrono::ceil<Milliseconds>(start - reactor::now());
    const reactor::Scope waiting{signals_.finish(), scope.deadline};
    auto rested = co_await plumbing_.reactor.sleep_for(pause, waiting);
    co_return rested.has_value();
}

// What is in AWS is looked at again now and then.
reactor::Task<std::optional<InvocationError>> LambdaHandler::look_for_configuration(
    reactor::Scope scope) {
    const TimePoint now = plumbing_.clock.now();
    const auto age = now - document_looked_for_;
    const bool fresh = fleet_ && age < fleet_->configuration().process.config_interval;
    if (!configuration_.in_aws() || fresh) co_return std::nullopt;
    const auto looked = co_await configuration_.look(std::move(scope));
    if (!looked) {
        co_return InvocationError{"Autoscaler.ConfigurationInvalid", looked.error().message};
    }
    document_looked_for_ = now;
    co_return std::nullopt;
}

// A discovery that failed is tried again by the next event.
reactor::Task<void> LambdaHandler::discover(reactor::Scope scope) {
    const FleetSettings& settings = fleet_->configuration();
    const TimePoint now = plumbing_.clock.now();
    const bool due = now - discovered_ >= settings.process.discover_interval;
    if (!fleet_->discovers() || !due) co_return;
    co_await fleet_->discover(std::move(scope));
    if (!fleet_->discovery_failed()) discovered_ = now;
}

// Leaves fleet_ as the environment, the document and this event want it.
std::optional<InvocationError> LambdaHandler::configure(Result<Event> event) {
    if (!event) return InvocationError{"Autoscaler.ConfigurationInvalid", event.error().message};
    const Shard shard = event->shard;
    if (fleet_ && !event->settings && configuration_.settled()) {
        return shard == fleet_->shard() ? std::nullopt : take(fleet_->configuration(), shard);
    }
    auto read = configuration_.read(Purpose::check, event->settings);
    if (const auto* problems = std::get_if<std::vector<Problem>>(&read)) {
        return configuration_error(*problems);
    }
    auto& settings = std::get<FleetSettings>(read);
    if (fleet_ && settings == fleet_->configuration() && shard == fleet_->shard()) {
        return std::nullopt;
    }
    plumbing_.log.set_threshold(settings.process.log_level);
    return take(std::move(settings), shard);
}

// Another profile has other keys, so that nothing of the old fleet can stay; not even where no new
// one can be made, for the next event would take it for what is configured.
std::optional<InvocationError> LambdaHandler::take(FleetSettings settings, Shard shard) {
    if (fleet_ && settings.process.sso_profile == fleet_->configuration().process.sso_profile) {
        if (settings.discoveries != fleet_->configuration().discoveries) discovered_ = TimePoint{};
        fleet_->configure(std::move(settings), shard);
        return std::nullopt;
    }
    fleet_.reset();
    const auto keep = [this](const engine::CheckReport& report) { keep_report(report); };
    auto fleet = LiveFleet::make(std::move(settings), shard, plumbing_, false, keep);
    if (!fleet) {
        return InvocationError{"Autoscaler.ConfigurationInvalid", fleet.error().message};
    }
    fleet_ = std::move(*fleet);
    discovered_ = TimePoint{};
    return std::nullopt;
}

// Nobody may take a target that was not looked at for one that is well.
std::optional<InvocationError> LambdaHandler::error_of(const Checks& checks) const {
    if (auto error = invocation_error(checks.reports)) return error;
    if (const auto& refused = fleet_->configuration().refused; !refused.empty()) {
        return configuration_error(problems_of(fleet_->configuration()));
    }
    if (fleet_->discovery_failed()) {
        return InvocationError{"Autoscaler.DiscoveryFailed",
                               "services could not be discovered; the log says why"};
    }
    if (checks.unchecked == 0) return std::nullopt;
    return InvocationError{"Autoscaler.TargetsUnchecked",
                           fmt::format("there was no time to check {} of {} targets: give the "
                                       "function more of it, or fewer targets",
                                       checks.unchecked, fleet_->size())};
}

reactor::Scope LambdaHandler::scope_of(const Invocation& invocation) const {
    Milliseconds time = invocation_time_max;
    if (invocation.deadline) {
        time = std::chrono::floor<Milliseconds>(*invocation.deadline - plumbing_.clock.now()) -
               answer_time;
    }
    return reactor::Scope{signals_.abort()}.within(time);
}

namespace {

// Where several targets failed: " (shop/a, shop/b and 3 more)".
std::string names_of_failed(const std::vector<engine::CheckReport>& reports) {
    constexpr std::size_t names_max = 20;
    std::set<std::string_view> names;
    for (const engine::CheckReport& report : reports) {
        if (report.failed()) names.insert(report.target);
    }
    if (names.size() < 2) return {};
    std::string text;
    std::size_t count = 0;
    for (const std::string_view name : names) {
        if (++count > names_max) break;
        text += fmt::format("{}{}", count == 1 ? "" : ", ", name);
    }
    if (names.size() > names_max) text += fmt::format(" and {} more", names.size() - names_max);
    return fmt::format(" ({})", text);
}

}  // namespace

InvocationError invocation_error(const engine::CheckReport& report) {
    std::string_view type = "Autoscaler.StateUnavailable";
    if (report.queue_unreadable) {
        type = "Autoscaler.QueueUnreadable";
    } else if (!report.service) {
        type = "Autoscaler.ServiceUnreadable";
    } else if (report.decision && report.decision->action != scaling::Action::hold &&
               !report.changed) {
        type = "Autoscaler.UpdateFailed";
    } else if (report.protection_unreadable) {
        type = "Autoscaler.ProtectionUnreadable";
    }
    std::string message = fmt::format("check of {} failed{}:", report.target,
                                      report.changed ? " after scaling it" : "");
    for (const Error& error : report.errors) {
        message += "\n";
        message += describe(error);
    }
    return {.type = std::string{type}, .message = std::move(message)};
}

std::optional<InvocationError> invocation_error(const std::vector<engine::CheckReport>& reports) {
    const auto failed = std::ranges::count_if(reports, &engine::CheckReport::failed);
    if (failed == 0) return std::nullopt;
    InvocationError error =
        invocation_error(*std::ranges::find_if(reports, &engine::CheckReport::failed));
    if (reports.size() > 1) {
        error.message = fmt::format("{} of {} checks failed{}; the first: {}", failed,
                                    reports.size(), names_of_failed(reports), error.message);
    }
    return error;
}

}  // namespace fas::app
