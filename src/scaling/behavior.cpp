#include "scaling/behavior.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/quantity.h"
#include "scaling/rounding.h"

namespace fas::scaling {

namespace {

// Keeps no sample that a newer one makes idle: one that is no higher (lower), and ends sooner.
template <class Better>
void add_extreme(Samples& samples, Tasks tasks, Seconds window, TimePoint now, Better better) {
    if (window <= Seconds{0}) return samples.clear();
    bring_up_to(samples, window, now);
    TimePoint first = now;
    if (shares_last(samples, window, now)) {
        first = samples.back().first;
        if (better(samples.back().tasks, tasks)) tasks = samples.back().tasks;
        samples.pop_back();
    }
    while (!samples.empty() && !better(samples.back().tasks, tasks)) samples.pop_back();
    samples.push_back({first, now, tasks});
}

struct Periods {
    Seconds shortest{0};  // both 0: there are no policies
    Seconds longest{0};
};

// Changes of one direction count in the other too, so these are the periods of both.
Periods periods_of(const Behavior& behavior) {
    Periods periods;
    for (const DirectionBehavior* direction : {&behavior.scale_out, &behavior.scale_in}) {
        for (const RatePolicy& policy : direction->policies) {
            const bool first = periods.longest == Seconds{0};
            periods.shortest = first ? policy.period : std::min(periods.shortest, policy.period);
            periods.longest = std::max(periods.longest, policy.period);
        }
    }
    return periods;
}

void remember_wanted(BehaviorMemory& memory, const Behavior& behavior, Tasks wanted,
                     TimePoint now) {
    const auto higher = [](Tasks a, Tasks b) { return a > b; };
    const auto lower = [](Tasks a, Tasks b) { return a < b; };
    add_extreme(memory.highest, wanted, behavior.scale_in.stabilization_window, now, higher);
    add_extreme(memory.lowest, wanted, behavior.scale_out.stabilization_window, now, lower);
}

// How many there were when the period began.
Tasks at_start(const BehaviorMemory& memory, Seconds period, Tasks current, TimePoint now) {
    const Tasks start =
        current - sum_within(memory.added, period, now) + sum_within(memory.removed, period, now);
    return std::max(start, Tasks{0});
}

// Rounded up, so that a small service grows at all; one without tasks may have its first.
Tasks highest_by(const RatePolicy& policy, Tasks start) {
    if (policy.type == RateType::tasks) return start + Tasks{policy.value};
    const double factor = 1.0 + static_cast<double>(policy.value) / 100.0;
    return std::max(Tasks{1}, tasks_rounded_up(static_cast<double>(start.value) * factor));
}

Tasks lowest_by(const RatePolicy& policy, Tasks start) {
    if (policy.type == RateType::tasks) return std::max(Tasks{0}, start - Tasks{policy.value});
    const double factor = 1.0 - static_cast<double>(policy.value) / 100.0;
    return tasks_rounded_down(static_cast<double>(start.value) * factor);
}

struct Limit {
    Tasks tasks;
    const RatePolicy* policy = nullptr;  // the one that gives it
};

// How far the service may go in the direction, by its policies. There is one at least.
Limit limit_of(const DirectionBehavior& direction, bool out, const BehaviorMemory& memory,
               Tasks current, TimePoint now) {
    Limit chosen;
    for (const RatePolicy& policy : direction.policies) {
        const Tasks start = at_start(memory, policy.period, current, now);
        const Tasks tasks = out ? highest_by(policy, start) : lowest_by(policy, start);
        const bool further = out ? tasks > chosen.tasks : tasks < chosen.tasks;
        const bool wants_further = direction.select_policy == SelectPolicy::max;
        if (chosen.policy == nullptr || further == wants_further) chosen = {tasks, &policy};
    }
    // Changes of a period that was shorter may have gone beyond: nothing is undone for that.
    chosen.tasks = out ? std::max(chosen.tasks, current) : std::min(chosen.tasks, current);
    return chosen;
}

// What a decision may come to, and why no further.
struct Allowed {
    Tasks desired;
    std::string why;  // empty: all that was wanted
};

Allowed stabilized(const Decision& wanted, const Behavior& behavior, const BehaviorMemory& memory) {
    Tasks desired = wanted.desired;
    if (wanted.action == Action::scale_in) {
        for (const Sample& each : memory.highest) desired = std::max(desired, each.tasks);
        desired = std::min(desired, wanted.current);
    } else {
        for (const Sample& each : memory.lowest) desired = std::min(desired, each.tasks);
        desired = std::max(desired, wanted.current);
    }
    if (desired == wanted.desired) return {desired, ""};
    const bool in = wanted.action == Action::scale_in;
    const Seconds window =
        in ? behavior.scale_in.stabilization_window : behavior.scale_out.stabilization_window;
    return {desired, fmt::format("held at {}: the {} recommendation of the last {:g} s",
                                 desired.value, in ? "highest" : "lowest", window.count())};
}

Allowed rate_limited(const Decision& wanted, Tasks desired, const Behavior& behavior,
                     const BehaviorMemory& memory, TimePoint now) {
    const bool out = wanted.action == Action::scale_out;
    const DirectionBehavior& direction = out ? behavior.scale_out : behavior.scale_in;
    if (direction.policies.empty()) return {desired, ""};
    const Limit limit = limit_of(direction, out, memory, wanted.current, now);
    if (out ? desired <= limit.tasks : desired >= limit.tasks) return {desired, ""};
    const std::string rate = limit.policy->type == RateType::percent
                                 ? fmt::format("{} %", limit.policy->value)
                                 : quantity(Tasks{limit.policy->value});
    return {limit.tasks, fmt::format("limited to {}: at most {} in {:g} s", limit.tasks.value, rate,
                                     limit.policy->period.count())};
}

Allowed allowed(const Decision& wanted, const Behavior& behavior, const BehaviorMemory& memory,
                TimePoint now) {
    const bool out = wanted.action == Action::scale_out;
    const DirectionBehavior& direction = out ? behavior.scale_out : behavior.scale_in;
    if (direction.select_policy == SelectPolicy::disabled) {
        return {wanted.current, fmt::format("behavior.scale_{} is disabled", out ? "out" : "in")};
    }
    Allowed after_waiting = stabilized(wanted, behavior, memory);
    if (after_waiting.desired == wanted.current) return after_waiting;
    Allowed in_rate = rate_limited(wanted, after_waiting.desired, behavior, memory, now);
    return in_rate.why.empty() ? after_waiting : in_rate;
}

// Of a service that is outside the bounds, and no further than was wanted.
void go_to_the_bounds(Allowed& outcome, const Decision& wanted, const Rules& rules) {
    const bool out = wanted.action == Action::scale_out;
    const Tasks bound =
        out ? std::min(rules.min_tasks, wanted.desired) : std::max(rules.max_tasks, wanted.desired);
    if (out ? outcome.desired >= bound : outcome.desired <= bound) return;
    outcome.why += fmt::format(", {} {}", out ? "at least" : "at most", bound.value);
    outcome.desired = bound;
}

// Whoever begins takes the present count for what was wanted until now, as far as nothing else is
// remembered: else the first wish alone would count for the whole window.
void begin(BehaviorMemory& memory, const Behavior& behavior, Tasks current, TimePoint now) {
    if (std::exchange(memory.begun, true)) return;
    const auto higher = [](Tasks a, Tasks b) { return a > b; };
    const auto lower = [](Tasks a, Tasks b) { return a < b; };
    if (memory.highest.empty()) {
        add_extreme(memory.highest, current, behavior.scale_in.stabilization_window, now, higher);
    }
    if (memory.lowest.empty()) {
        add_extreme(memory.lowest, current, behavior.scale_out.stabilization_window, now, lower);
    }
}

void bring_memory_up_to(BehaviorMemory& memory, const Behavior& behavior, const Decision& decision,
                        TimePoint now) {
    bring_up_to(memory.highest, behavior.scale_in.stabilization_window, now);
    bring_up_to(memory.lowest, behavior.scale_out.stabilization_window, now);
    bring_up_to(memory.added, periods_of(behavior).longest, now);
    bring_up_to(memory.removed, periods_of(behavior).longest, now);
    begin(memory, behavior, decision.current, now);
    if (decision.wanted) remember_wanted(memory, behavior, *decision.wanted, now);
}

}  // namespace

Decision apply_behavior(Decision recommendation, const Behavior& behavior, const Rules& rules,
                        BehaviorMemory& memory, TimePoint now) {
    if (behavior.is_off()) return recommendation;
    bring_memory_up_to(memory, behavior, recommendation, now);
    if (recommendation.action == Action::hold || recommendation.by_operator) return recommendation;

    Allowed outcome = allowed(recommendation, behavior, memory, now);
    go_to_the_bounds(outcome, recommendation, rules);
    if (outcome.desired == recommendation.desired) return recommendation;
    if (outcome.desired == recommendation.current) {
        hold_instead(recommendation, outcome.why);
    } else {
        recommendation.desired = outcome.desired;
        recommendation.reason += ", but " + outcome.why;
    }
    return recommendation;
}

void remember_change(BehaviorMemory& memory, const Behavior& behavior, Tasks before, Tasks after,
                     TimePoint now) {
    const auto [shortest, longest] = periods_of(behavior);
    if (longest == Seconds{0}) return;
    if (after > before) add_change(memory.added, after - before, shortest, longest, now);
    if (after < before) add_change(memory.removed, before - after, shortest, longest, now);
}

}  // namespace fas::scaling
