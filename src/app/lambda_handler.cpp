#include "app/lambda_handler.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "app/check_log.h"
#include "app/metrics.h"
#include "app/report_json.h"
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
    for (const std::string& line : problem_lines(problems)) message += "\n" + line;
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

void print_metrics(const engine::CheckReport& report, const FleetSettings& settings) {
    if (settings.process.metrics == Metrics::none) return;
    const std::string line = metrics_line(report, settings.targets.front().cluster_name,
                                          settings.targets.front().service_name) +
                             "\n";
    std::fwrite(line.data(), 1, line.size(), stdout);
    std::fflush(stdout);
}

std::string result_json(const std::vector<engine::CheckReport>& reports, std::int64_t left_out) {
    if (reports.size() == 1 && left_out == 0) return report_json(reports.front());
    std::string json = "{\"checks\":[";
    for (const engine::CheckReport& report : reports) {
        if (&report != &reports.front()) json += ',';
        json += report_json(report);
    }
    json += fmt::format("],\"left_out\":{}}}", left_out);
    return json;
}

}  // namespace

// What the configuration lacks, the event may bring: no error yet.
reactor::Task<Result<void>> LambdaHandler::prepare() {
    if (!configure(std::nullopt)) autoscaler_->look_ahead();
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
    if (auto error = invocation_error(checks.reports)) co_return std::move(*error);
    co_return result_json(checks.reports, checks.left_out);
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
            error = invocation_error(std::get<Checks>(checked).reports);
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
    if (auto error = configure(std::move(event))) {
        plumbing_.log.write(LogLevel::error, error->message, {});
        co_return std::move(*error);
    }
    const auto interval = std::chrono::round<Milliseconds>(settings_.process.check_interval);
    SteadyTime start = std::chrono::steady_clock::now();
    Milliseconds longest{0};
    Checks checks;
    while (std::ssize(checks.reports) < settings_.process.checks_per_invocation) {
        if (!checks.reports.empty()) {
            start = std::max(start + interval, std::chrono::steady_clock::now());
            const bool in_time = co_await wait_for_next(start, longest, scope);
            if (!in_time) break;
        }
        const auto report = co_await autoscaler_->check(scope);
        log_check(plumbing_.log, report);
        print_metrics(report, settings_);
        longest = std::max(longest, std::chrono::ceil<Milliseconds>(report.duration));
        checks.reports.push_back(report);
    }
    checks.left_out = settings_.process.checks_per_invocation - std::ssize(checks.reports);
    co_return checks;
}

// Whether there is time for a check at `start`, once that has come. The first SIGTERM ends the
// wait.
reactor::Task<bool> LambdaHandler::wait_for_next(SteadyTime start, Milliseconds longest,
                                                 reactor::Scope scope) {
    if (start + std::max(check_time_min, 2 * longest) > scope.deadline) co_return false;
    const auto pause = std::chrono::ceil<Milliseconds>(start - std::chrono::steady_clock::now());
    const reactor::Scope waiting{signals_.finish(), scope.deadline};
    auto rested = co_await plumbing_.reactor.sleep_for(pause, waiting);
    co_return rested.has_value();
}

// Leaves autoscaler_ as the environment, the file and this event want it.
std::optional<InvocationError> LambdaHandler::configure(std::optional<Document> event) {
    const SettingsSources sources{plumbing_.environment, file_, std::move(event),
                                  profile_region(plumbing_.environment)};
    auto read = read_settings(sources, Purpose::check);
    if (const auto* problems = std::get_if<std::vector<Problem>>(&read)) {
        return configuration_error(*problems);
    }
    auto& settings = std::get<FleetSettings>(read);
    if (settings.targets.size() != 1 || !settings.discoveries.empty()) {
        return InvocationError{"Autoscaler.ConfigurationInvalid",
                               "an invocation takes a configuration of one target"};
    }
    if (autoscaler_ && settings == settings_) return std::nullopt;
    plumbing_.log = Logger{settings.process.log_level};
    auto autoscaler =
        WiredAutoscaler::make(settings.process, settings.targets.front(), plumbing_, false);
    if (!autoscaler) {
        return InvocationError{"Autoscaler.ConfigurationInvalid", autoscaler.error().message};
    }
    settings_ = std::move(settings);
    autoscaler_ = std::move(*autoscaler);
    return std::nullopt;
}

reactor::Scope LambdaHandler::scope_of(const Invocation& invocation) const {
    Milliseconds time = invocation_time_max;
    if (invocation.deadline) {
        time = std::chrono::floor<Milliseconds>(*invocation.deadline - plumbing_.clock.now()) -
               answer_time;
    }
    return reactor::Scope{signals_.abort()}.within(time);
}

InvocationError invocation_error(const engine::CheckReport& report) {
    std::string_view type = "Autoscaler.StateUnavailable";
    if (!report.queue) {
        type = "Autoscaler.QueueUnreadable";
    } else if (!report.service) {
        type = "Autoscaler.ServiceUnreadable";
    } else if (report.decision && report.decision->action != scaling::Action::hold &&
               !report.changed) {
        type = "Autoscaler.UpdateFailed";
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
        error.message = fmt::format("{} of {} checks failed; the first: {}", failed, reports.size(),
                                    error.message);
    }
    return error;
}

}  // namespace fas::app
