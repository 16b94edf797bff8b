#include "engine/autoscaler.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "reactor/when_all.h"

namespace fas::engine {

namespace {

// How long a check waits for the state, which a scale-out can do without, and for the claim, which
// tells of two autoscalers the one that acts and so is worth a longer wait.
constexpr Milliseconds recall_time_max{3'000};
constexpr Milliseconds claim_time_max{10'000};

// How long a reading that was begun ahead may take, and how old it may be when a check uses it.
constexpr Milliseconds head_start_time_max{3'000};
constexpr Milliseconds head_start_age_max{1'000};

bool changes_something(const std::optional<scaling::Decision>& decision) {
    return decision && decision->action != scaling::Action::hold;
}

void hold_instead(scaling::Decision& decision, std::string_view why) {
    decision.reason =
        fmt::format("no {} to {} ({}): {}",
                    decision.action == scaling::Action::scale_in ? "scale-in" : "scale-out",
                    decision.desired.value, decision.reason, why);
    decision.action = scaling::Action::hold;
    decision.desired = decision.current;
}

}  // namespace

void Autoscaler::look_ahead() {
    head_start_begun_ = clock_.now();
    const reactor::Scope scope = reactor::Scope{}.within(head_start_time_max);
    head_start_.begin(look_and_recall(std::chrono::steady_clock::now(), scope));
}

reactor::Task<CheckReport> Autoscaler::check(SteadyTime since, reactor::Scope scope) {
    const auto started = std::chrono::steady_clock::now();
    CheckReport report{.target = target_.name, .time = clock_.now(), .dry_run = dry_run_};

    FirstLook first = co_await first_look(since, scope);
    report_look(&report, first.look);
    recommend(&report);
    if (changes_something(report.decision)) {
        // A state that could not be read is not asked for again at once: what is known forbids a
        // scale-in, and a scale-out does without.
        const scaling::Action wanted = report.decision->action;
        const bool whole = wanted == scaling::Action::scale_out;
        if (!first.past || (!whole && first.past->errors.empty())) {
            first.past = co_await recall(wanted, scope);
        }
        co_await act_if_allowed(&report, std::move(*first.past), scope);
    }

    report.duration = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now() - started);
    co_return report;
}

// By the wall clock, which goes on while a process is frozen.
reactor::Task<Autoscaler::FirstLook> Autoscaler::first_look(SteadyTime since,
                                                            reactor::Scope scope) {
    const auto age = clock_.now() - head_start_begun_;
    if (age < Milliseconds{0} || age > head_start_age_max) head_start_.abandon();
    auto begun = co_await head_start_.finish(scope);
    if (begun && begun->complete()) co_return std::move(*begun);
    co_return co_await look_and_recall(since, std::move(scope));
}

// The state, where it is not known from earlier checks, is read while the others are, as far as a
// scale-out depends on it. A scale-in can wait for the rest.
reactor::Task<Autoscaler::FirstLook> Autoscaler::look_and_recall(SteadyTime since,
                                                                 reactor::Scope scope) {
    if (target_.recall == RecallState::when_needed) {
        Look seen = co_await look(since, std::move(scope));
        co_return FirstLook{std::move(seen), std::nullopt};
    }
    auto recalled = recall(scaling::Action::scale_out, scope);
    auto looked = look(since, scope);
    auto both = co_await reactor::when_all(std::move(recalled), std::move(looked));
    auto& [past, seen] = both;
    co_return FirstLook{std::move(seen), std::move(past)};
}

reactor::Task<Autoscaler::Look> Autoscaler::look(SteadyTime since, reactor::Scope scope) {
    auto backlog = target_.backlog.read(since, clock_.now(), scope);
    auto service = target_.service->read(scope);
    auto both = co_await reactor::when_all(std::move(backlog), std::move(service));
    auto& [reading, state] = both;
    co_return Look{std::move(reading), std::move(state)};
}

reactor::Task<Recollection> Autoscaler::recall(scaling::Action action, reactor::Scope scope) {
    co_return co_await target_.state->read(action, scope.within(recall_time_max));
}

// In place of what an earlier look had seen; its errors stay.
void Autoscaler::report_look(CheckReport* report, const Look& look) {
    report->service.reset();
    take_backlog(report, look.backlog);
    if (!look.service) {
        report->errors.push_back(look.service.error());
        return;
    }
    report->service = *look.service;
    if (expected_ && *expected_ != look.service->desired) {
        report->changed_by_others_from = expected_;
    }
    expected_ = look.service->desired;
}

// Where a last good reading stands in for what is unknown, that is what the report shows.
void Autoscaler::take_backlog(CheckReport* report, const TargetBacklog::Reading& reading) {
    std::ranges::copy(reading.errors, std::back_inserter(report->errors));
    report->queue_unreadable = !reading.errors.empty();
    report->queue = scaling::remember_reading(reading.depth, reading.depth.missing,
                                              target_.fallback, readings_, clock_.now());
}

// Where neither the queue is known, nor anything that stands in for it, there is no decision.
void Autoscaler::recommend(CheckReport* report) {
    report->decision.reset();
    if (!report->service) return;
    const scaling::Observation observation{
        report->queue, *report->service,
        scaling::stand_in(target_.fallback, readings_, *report->service)};
    const scaling::Rules rules =
        scaling::with_schedule(target_.rules, target_.schedule, clock_.now());
    scaling::Decision decision = scaling::recommend(*target_.policy, rules, observation);
    const bool known = observation.queue.visible || observation.stand_in ||
                       !target_.policy->needs_queue() || decision.by_operator;
    if (!known) return;
    report->decision = scaling::apply_behavior(std::move(decision), target_.behavior, target_.rules,
                                               wishes_, clock_.now());
}

void Autoscaler::apply_cooldown(CheckReport* report, const Recollection& past) const {
    report->decision = scaling::apply_cooldown(std::move(*report->decision), target_.rules,
                                               past.history, clock_.now());
}

// What could not be recalled is an error of this check, which needed it.
reactor::Task<void> Autoscaler::act_if_allowed(CheckReport* report, Recollection past,
                                               reactor::Scope scope) {
    const scaling::Action wanted = report->decision->action;
    apply_cooldown(report, past);
    std::ranges::move(past.errors, std::back_inserter(report->errors));
    if (is_to_act(*report) && !past.from_memory) {
        // Somebody else may have acted after these readings and before that of the state: a claim
        // based on such a state would not prove that they still hold.
        const Look again = co_await look(std::chrono::steady_clock::now(), scope);
        report_look(report, again);
        recommend(report);
        if (!changes_something(report->decision)) co_return;
        if (report->decision->action == wanted) {
            apply_cooldown(report, past);
        } else {
            hold_instead(*report->decision, "a moment ago it was the other way");
        }
    }
    if (is_to_act(*report)) co_await act(report, std::move(scope));
}

bool Autoscaler::is_to_act(const CheckReport& report) const {
    return !dry_run_ && changes_something(report.decision);
}

reactor::Task<void> Autoscaler::act(CheckReport* report, reactor::Scope scope) {
    const bool scale_in = report->decision->action == scaling::Action::scale_in;
    if (scale_in && target_.rules.respect_task_protection) {
        co_await spare_protected_tasks(report, scope);
    }
    if (is_to_act(*report)) co_await claim_and_change(report, std::move(scope));
}

reactor::Task<void> Autoscaler::spare_protected_tasks(CheckReport* report, reactor::Scope scope) {
    auto count = co_await target_.service->protected_tasks(std::move(scope));
    const auto known = count ? std::optional{*count} : std::nullopt;
    report->protection_unreadable = !count;
    if (!count) report->errors.push_back(std::move(count.error()));
    report->decision = scaling::apply_protection(std::move(*report->decision), known);
}

reactor::Task<void> Autoscaler::claim_and_change(CheckReport* report, reactor::Scope scope) {
    scaling::Decision& decision = *report->decision;
    const scaling::ScalingAction what{clock_.now(), decision.backlog, decision.desired};
    const reactor::Scope claim_scope = scope.within(claim_time_max);
    auto claimed = co_await target_.state->record(decision.action, what, claim_scope);
    if (!claimed && claimed.error().kind == ErrorKind::conflict) {
        hold_instead(decision, claimed.error().message);
        co_return;
    }
    if (!claimed) {
        report->errors.push_back(claimed.error());
        if (decision.action == scaling::Action::scale_in) {
            hold_instead(decision, "the action could not be recorded");
            co_return;
        }
    }

    auto done = co_await target_.service->set_desired(decision.desired, scope);
    if (done) {
        report->changed = true;
        report->change_request_id = std::move(*done);
        expected_ = decision.desired;
        scaling::remember_change(wishes_, target_.behavior, decision.current, decision.desired,
                                 clock_.now());
    } else {
        report->errors.push_back(std::move(done.error()));
        expected_.reset();  // it may have been done all the same
    }
}

}  // namespace fas::engine
