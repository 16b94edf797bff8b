#include "scaling/recommend.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/quantity.h"
#include "scaling/rounding.h"

namespace fas::scaling {

namespace {

// Where a service may scale to zero, a backlog up to the activation threshold counts as none. One
// that is not wholly known is not called small.
Demand demand_of(const Rules& rules, const Observation& observation) {
    const QueueDepth& queue = observation.queue;
    Demand demand{*queue.visible, queue.in_flight, observation.launched};
    const bool may_be_zero = rules.min_tasks == Tasks{0};
    if (may_be_zero && demand.in_flight && queue.missing.empty() &&
        demand.visible + *demand.in_flight + queue.stuck <= rules.activation_threshold) {
        return {Messages{0}, Messages{0}};
    }
    if (queue.stuck > Messages{0}) demand.visible = std::max(demand.visible, Messages{1});
    return demand;
}

bool active(const Demand& demand) {
    return demand.visible + demand.in_flight.value_or(Messages{0}) > Messages{0};
}

// A policy's thresholds may be far above one message; a service at zero must still start.
void start_from_zero(Proposal& proposal, const Demand& demand, Tasks current) {
    if (current > Tasks{0} || proposal.desired > Tasks{0} || !active(demand)) return;
    proposal.desired = Tasks{1};
    proposal.reason = fmt::format("{} wait{} and no task runs: starting the first",
                                  quantity(demand.visible), verb_ending(demand.visible));
}

// No policy is asked to get on with it, and what starts and stops in turn never would.
void keep_one_for_stuck(Proposal& proposal, const Demand& demand, Messages stuck) {
    if (stuck == Messages{0} || proposal.desired > Tasks{0} || !active(demand)) return;
    proposal.desired = Tasks{1};
    proposal.reason += fmt::format(", and one task is kept for {} stuck", quantity(stuck));
}

void keep_within(Proposal& proposal, Tasks min, Tasks max, std::string_view whose) {
    const Tasks bounded = std::clamp(proposal.desired, min, max);
    if (bounded == proposal.desired) return;
    proposal.reason += fmt::format(", {} {}{}", bounded > proposal.desired ? "at least" : "at most",
                                   bounded.value, whose);
    proposal.desired = bounded;
}

// The target's own bounds last: beyond them it cannot be set.
void keep_within_own_bounds(Proposal& proposal, const ServiceState& service) {
    const Tasks min = service.own_min.value_or(Tasks{0});
    keep_within(proposal, min, std::max(min, service.own_max.value_or(proposal.desired)),
                " (the target's own bound)");
}

// What the policy says, or what stands in for it where the depth that it needs is unknown; nothing
// where neither has a say.
std::optional<Proposal> propose(const Policy& policy, const Rules& rules,
                                const Observation& observation) {
    const ServiceState& service = observation.service;
    if (!policy.needs_queue()) return policy.propose({}, service);
    if (observation.queue.visible) {
        const Demand demand = demand_of(rules, observation);
        Proposal proposal = policy.propose(demand, service);
        start_from_zero(proposal, demand, service.desired);
        keep_one_for_stuck(proposal, demand, observation.queue.stuck);
        return proposal;
    }
    if (!observation.stand_in) return std::nullopt;
    return Proposal{observation.stand_in->desired, {}, observation.stand_in->reason};
}

// Why a scale-in must not happen now, or nothing. May raise the proposal to what is safe.
std::string protect_running_work(Proposal& proposal, const Policy& policy, const Rules& rules,
                                 const Observation& observation) {
    const std::optional<bool> deploying = observation.service.deployment_in_progress;
    if (!deploying) return "whether a deployment is in progress is unknown";
    if (*deploying) return "a deployment is in progress";
    const bool lower_bound = observation.queue.visible && !observation.queue.missing.empty();
    if (lower_bound && policy.needs_queue()) return observation.queue.missing;
    if (!rules.in_flight_per_task) return {};
    if (!observation.queue.in_flight) return "the messages in flight are unknown";

    const Messages in_flight = *observation.queue.in_flight;
    const Tasks busy =
        tasks_rounded_up(static_cast<double>(in_flight.value) / *rules.in_flight_per_task);
    if (busy <= proposal.desired) return {};
    std::string why =
        fmt::format("{} in flight at {:g} a task keep{} {} busy", quantity(in_flight),
                    *rules.in_flight_per_task, verb_ending(in_flight), quantity(busy));
    if (busy >= observation.service.desired) return why;
    proposal.desired = busy;
    proposal.reason += ", but " + why;
    return {};
}

Decision hold(Tasks current, Messages backlog, std::string reason) {
    return {Action::hold, current, current, backlog, std::move(reason)};
}

std::string unknown_depth(const QueueDepth& queue) {
    const std::string why = queue.missing.empty() ? "" : fmt::format(" ({})", queue.missing);
    return fmt::format("the queue's depth is unknown{}, and unknown is not empty", why);
}

// Exactly that many, if the target can have them: a person said so, whatever is known of the queue.
Decision keep_at(Tasks hold_at, const Observation& observation) {
    const Tasks current = observation.service.desired;
    const Messages backlog = observation.queue.visible.value_or(Messages{0});
    const std::optional<Tasks> by_tag = observation.service.controls.hold_at;
    std::string said = fmt::format("hold_at is {} ({})", hold_at.value,
                                   by_tag ? "the service's tag" : "the configuration");
    if (by_tag && *by_tag > hold_at) {
        said = fmt::format("hold_at is {} (the service's tag), of which max_tasks_by_tag allows {}",
                           by_tag->value, hold_at.value);
    }
    Proposal kept{.desired = hold_at, .backlog = {}, .reason = std::move(said)};
    keep_within_own_bounds(kept, observation.service);
    const Tasks tasks = kept.desired;
    std::string reason = std::move(kept.reason);
    if (tasks == current) return hold(current, backlog, std::move(reason));
    return {tasks > current ? Action::scale_out : Action::scale_in,
            current,
            tasks,
            backlog,
            std::move(reason),
            true};
}

// For a person, who may want to end it.
std::string who_paused(const Rules& configured, const Controls& controls) {
    if (!controls.not_understood.empty()) return controls.not_understood;
    const bool by_tag = controls.pause.value_or(Pause::none) != Pause::none;
    const bool by_configuration = configured.pause != Pause::none;
    std::string who;
    if (by_configuration) {
        who = fmt::format("pause is {} (the configuration)", to_string(configured.pause));
    }
    if (by_tag) {
        if (!who.empty()) who += " and ";
        who += fmt::format("pause is {} (the service's tag)", to_string(*controls.pause));
    }
    if (controls.suspended != Pause::none) {
        if (!who.empty()) who += " and ";
        who += controls.suspended_by;
    }
    return who;
}

// What becomes of a proposal that is within the bounds.
Decision decide_on(Proposal proposal, const Policy& policy, const Rules& rules,
                   const Observation& observation) {
    const Tasks current = observation.service.desired;
    if (proposal.desired == current) {
        return hold(current, proposal.backlog, std::move(proposal.reason));
    }
    if (proposal.desired > current) {
        return {Action::scale_out, current, proposal.desired, proposal.backlog,
                std::move(proposal.reason)};
    }
    const std::string obstacle = protect_running_work(proposal, policy, rules, observation);
    Decision decision{Action::scale_in, current, proposal.desired, proposal.backlog,
                      std::move(proposal.reason)};
    if (!obstacle.empty()) hold_instead(decision, obstacle);
    return decision;
}

// Before pauses.
Decision recommend_unpaused(const Policy& policy, const Rules& rules,
                            const Observation& observation) {
    const Tasks current = observation.service.desired;
    if (rules.hold_at) return keep_at(*rules.hold_at, observation);
    std::optional<Proposal> proposed = propose(policy, rules, observation);
    if (!proposed) return hold(current, {}, unknown_depth(observation.queue));
    if (seems_stopped(rules, observation.service) && !observation.own_zero) {
        return hold(current, observation.queue.visible.value_or(Messages{0}),
                    fmt::format("the service was stopped (desired count 0 with min_tasks {}); it "
                                "stays stopped until someone starts it, or respect_operator_stop "
                                "is false",
                                rules.min_tasks.value));
    }
    keep_within(*proposed, rules.min_tasks, rules.max_tasks, "");
    keep_within_own_bounds(*proposed, observation.service);
    const Tasks wanted = proposed->desired;
    Decision decision = decide_on(std::move(*proposed), policy, rules, observation);
    decision.wanted = wanted;
    return decision;
}

}  // namespace

bool seems_stopped(const Rules& rules, const ServiceState& service) {
    return service.desired == Tasks{0} && rules.min_tasks > Tasks{0} && rules.respect_operator_stop;
}

Decision recommend(const Policy& policy, const Rules& configured, const Observation& observation) {
    const Controls& controls = observation.service.controls;
    const Rules rules = with_controls(configured, controls);
    if (rules.pause == Pause::all) {
        return hold(observation.service.desired, observation.queue.visible.value_or(Messages{0}),
                    "paused: " + who_paused(configured, controls));
    }
    Decision wanted = recommend_unpaused(policy, rules, observation);
    const bool paused = (rules.pause == Pause::in && wanted.action == Action::scale_in) ||
                        (rules.pause == Pause::out && wanted.action == Action::scale_out);
    if (!paused) return wanted;
    Decision held =
        hold(wanted.current, wanted.backlog,
             fmt::format("paused: {}; no scale-{} to {} ({})", who_paused(configured, controls),
                         to_string(rules.pause), wanted.desired.value, wanted.reason));
    held.wanted = wanted.wanted;
    return held;
}

}  // namespace fas::scaling
