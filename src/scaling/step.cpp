#include "scaling/step.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/quantity.h"
#include "scaling/rounding.h"

namespace fas::scaling {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

double lower(const StepAdjustment& step) { return step.lower_bound.value_or(-infinity); }
double upper(const StepAdjustment& step) { return step.upper_bound.value_or(infinity); }

bool applies(const StepAdjustment& step, double distance) {
    if (distance >= 0) return distance >= lower(step) && distance < upper(step);
    return distance > lower(step) && distance <= upper(step);
}

std::string interval(const StepAdjustment& step) {
    const std::string from =
        step.lower_bound ? fmt::format("{:g}", *step.lower_bound) : "-infinity";
    const std::string to = step.upper_bound ? fmt::format("{:g}", *step.upper_bound) : "infinity";
    return fmt::format("{} to {}", from, to);
}

// Of one step by itself.
std::string problem_of(const StepAdjustment& step, AdjustmentType type) {
    if (!step.lower_bound && !step.upper_bound) {
        return "a step needs a lower bound, an upper bound, or both";
    }
    if (lower(step) >= upper(step)) {
        return fmt::format("the step from {} ends where it begins, or before", interval(step));
    }
    if (type == AdjustmentType::exact_capacity && step.adjustment < 0) {
        return fmt::format("the step from {} asks for {}; ExactCapacity takes 0 or more",
                           interval(step), quantity(Tasks{step.adjustment}));
    }
    return {};
}

// Of two neighbours.
std::string problem_between(const StepAdjustment& one, const StepAdjustment& next) {
    if (upper(one) > lower(next)) {
        return fmt::format("the steps from {} and from {} overlap", interval(one), interval(next));
    }
    if (upper(one) < lower(next)) {
        return fmt::format("there is a gap between the steps from {} and from {}", interval(one),
                           interval(next));
    }
    return {};
}

// AWS's rounding: towards zero, but for less than one, which is one.
Tasks percent_of(Tasks tasks, double percent) {
    const double share = static_cast<double>(tasks.value) * percent / 100.0;
    if (share <= 0) return {0};
    return std::max(Tasks{1}, tasks_rounded_down(share));
}

// How many tasks a change of this size is, from so many.
Tasks size_of_change(const StepParameters& parameters, std::int64_t adjustment, Tasks from) {
    const std::int64_t size = std::abs(adjustment);
    if (parameters.type == AdjustmentType::change_in_capacity) return {size};
    const Tasks change = percent_of(from, static_cast<double>(size));
    return size == 0 ? change : std::max(change, parameters.min_adjustment_magnitude);
}

struct Change {
    Tasks desired;
    std::string computation;
};

Change change(const StepParameters& parameters, std::int64_t adjustment, const Demand& demand,
              const ServiceState& service) {
    if (parameters.type == AdjustmentType::exact_capacity) {
        return {{adjustment}, fmt::format("= {}", quantity(Tasks{adjustment}))};
    }
    const std::string percent = parameters.type == AdjustmentType::change_in_capacity
                                    ? ""
                                    : fmt::format(" ({} %)", std::abs(adjustment));
    if (adjustment > 0) {
        const Tasks working = working_before(demand, service);
        const std::string_view when =
            demand.launched > Tasks{0} ? " before the last scale-out" : "";
        const Tasks added = size_of_change(parameters, adjustment, working);
        return {std::max(service.desired, working + added),
                fmt::format("{} running{} + {}{}", working.value, when, added.value, percent)};
    }
    if (adjustment < 0) {
        const Tasks there = std::max(service.running, service.desired);
        const Tasks removed = size_of_change(parameters, adjustment, there);
        return {std::clamp(there - removed, Tasks{0}, service.desired),
                fmt::format("{} there - {}{}", there.value, removed.value, percent)};
    }
    return {service.desired, "no change"};
}

}  // namespace

std::string step_problem(const StepParameters& parameters) {
    if (parameters.steps.empty()) return "there is no step";
    if (parameters.steps.size() > step_adjustments_max) {
        return fmt::format("{} steps are too many; at most {} are accepted",
                           parameters.steps.size(), step_adjustments_max);
    }
    for (const StepAdjustment& step : parameters.steps) {
        std::string problem = problem_of(step, parameters.type);
        if (!problem.empty()) return problem;
    }
    std::vector<StepAdjustment> sorted = parameters.steps;
    std::ranges::sort(sorted, {}, lower);
    for (std::size_t i = 1; i < sorted.size(); ++i) {
        std::string problem = problem_between(sorted[i - 1], sorted[i]);
        if (!problem.empty()) return problem;
    }
    if (lower(sorted.front()) < 0 && sorted.front().lower_bound) {
        return fmt::format("below {:g} is no step: leave out the lower bound of the step from {}",
                           *sorted.front().lower_bound, interval(sorted.front()));
    }
    if (upper(sorted.back()) > 0 && sorted.back().upper_bound) {
        return fmt::format("above {:g} is no step: leave out the upper bound of the step from {}",
                           *sorted.back().upper_bound, interval(sorted.back()));
    }
    return {};
}

Proposal StepPolicy::propose(const Demand& demand, const ServiceState& service) const {
    const bool in_flight_missing = parameters_.count_in_flight && !demand.in_flight;
    const Messages backlog =
        demand.visible +
        (parameters_.count_in_flight ? demand.in_flight.value_or(Messages{0}) : Messages{0});
    const double distance = static_cast<double>(backlog.value) - parameters_.threshold;
    const std::string place =
        fmt::format("{} {} {:g} {} the threshold of {:g}", quantity(backlog), is_or_are(backlog),
                    std::abs(distance), distance < 0 ? "below" : "above", parameters_.threshold);

    const auto step = std::ranges::find_if(
        parameters_.steps, [&](const StepAdjustment& each) { return applies(each, distance); });
    if (step == parameters_.steps.end()) {
        return {service.desired, backlog, place + ", where no step applies"};
    }
    const Change wanted = change(parameters_, step->adjustment, demand, service);
    std::string reason =
        fmt::format("{} (step {}): {}", place, interval(*step), wanted.computation);
    if (wanted.desired < service.desired && in_flight_missing) {
        return {service.desired, backlog, reason + ", but the messages in flight are unknown"};
    }
    if (wanted.desired == service.desired && step->adjustment > 0) {
        reason += fmt::format(", and {} {} already asked for", service.desired.value,
                              is_or_are(service.desired));
    }
    return {wanted.desired, backlog, std::move(reason)};
}

}  // namespace fas::scaling
