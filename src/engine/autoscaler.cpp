#include "engine/autoscaler.h"

#include <fmt/format.h>

#include "reactor/when_all.h"

namespace fas::engine {

namespace {

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

reactor::Task<CheckReport> Autoscaler::check(reactor::Scope scope) {
    const auto started = std::chrono::steady_clock::now();
    CheckReport report{.target = target_.name, .time = clock_.now(), .dry_run = dry_run_};

    co_await observe(&report, scope);
    if (report.queue && report.service) co_await decide(&report, scope);
    if (changes_something(report.decision) && !dry_run_) co_await act(&report, scope);

    report.duration = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now() - started);
    co_return report;
}

reactor::Task<void> Autoscaler::observe(CheckReport* report, reactor::Scope scope) {
    auto queue_read = target_.queue->read(scope);
    auto service_read = target_.service->read(scope);
    auto both = co_await reactor::when_all(std::move(queue_read), std::move(service_read));

    const auto& queue = std::get<0>(both);
    const auto& service = std::get<1>(both);
    if (queue) {
        report->queue = *queue;
    } else {
        report->errors.push_back(queue.error());
    }
    if (service) {
        report->service = *service;
    } else {
        report->errors.push_back(service.error());
    }
}

reactor::Task<void> Autoscaler::decide(CheckReport* report, reactor::Scope scope) {
    const scaling::Observation observation{*report->queue, *report->service};
    report->decision = scaling::recommend(*target_.policy, target_.rules, observation);
    if (!changes_something(report->decision)) co_return;

    Recollection past = co_await target_.state->read(scope);
    report->decision = scaling::apply_cooldown(std::move(*report->decision), target_.rules,
                                               past.history, clock_.now());
    std::move(past.errors.begin(), past.errors.end(), std::back_inserter(report->errors));
}

reactor::Task<void> Autoscaler::act(CheckReport* report, reactor::Scope scope) {
    scaling::Decision& decision = *report->decision;
    const scaling::ScalingAction what{clock_.now(), decision.backlog, decision.desired};
    auto claimed = co_await target_.state->record(decision.action, what, scope);
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
    } else {
        report->errors.push_back(std::move(done.error()));
    }
}

}  // namespace fas::engine
