#include "simulation/autoscaler.h"

#include <utility>

namespace fas::simulation {

TimePoint Autoscaler::time_of(Seconds moment) const {
    return parameters_.start + std::chrono::round<std::chrono::microseconds>(moment);
}

scaling::Situation Autoscaler::situation(const Sight& sight) const {
    scaling::Situation situation;
    situation.now = time_of(sight.now);
    scaling::QueueDepth depth{.visible = sight.visible};
    if (parameters_.told.in_flight) depth.in_flight = sight.in_flight;
    if (parameters_.told.oldest_age) depth.oldest_age = sight.oldest_age;
    const double passed = (sight.now - last_look_).count();
    if (parameters_.told.rates && passed > 0) {
        depth.publish_rate = static_cast<double>(sight.sent - sent_before_) / passed;
        depth.delivery_rate = static_cast<double>(sight.received - received_before_) / passed;
    }
    situation.queues.push_back({.depth = std::move(depth), .why = {}, .name = {}});
    situation.service = scaling::ServiceState{
        .desired = sight.desired, .running = sight.running, .pending = sight.pending};
    situation.history = history_;
    const Tasks protected_tasks = parameters_.tasks_protect_themselves ? sight.busy : Tasks{0};
    situation.protection = scaling::Protection{protected_tasks};
    return situation;
}

std::optional<Wish> Autoscaler::look(const Sight& sight) {
    next_look_ = sight.now + parameters_.interval;
    const TimePoint now = time_of(sight.now);
    scaling::Judgement judgement = scaling::judge(parameters_.mind, memory_, situation(sight));
    last_look_ = sight.now;
    sent_before_ = sight.sent;
    received_before_ = sight.received;

    scaling::Decision& decision = judgement.decision;
    if (decision.action == scaling::Action::hold) {
        memory_ = std::move(judgement.memory);
        return std::nullopt;
    }
    memory_ = scaling::memory_after_change(parameters_.mind, judgement, now);
    const bool out = decision.action == scaling::Action::scale_out;
    (out ? history_.scale_out : history_.scale_in) =
        scaling::ScalingAction{now, decision.backlog, decision.desired};
    return Wish{decision.desired, std::move(decision.reason)};
}

}  // namespace fas::simulation
