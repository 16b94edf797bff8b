#include "scaling/threshold.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/quantity.h"
#include "scaling/rounding.h"

namespace fas::scaling {

namespace {

// Messages in flight are work in hand: they count against a scale-in whatever
// use_combined_messages says, which is for the scale-out.
Proposal scale_in(const ThresholdParameters& parameters, Messages work, Messages backlog,
                  Tasks current) {
    const Tasks needed =
        tasks_rounded_up(static_cast<double>(work.value) * parameters.tasks_per_message);
    const Tasks kept = std::min(
        tasks_rounded_down(static_cast<double>(current.value) * parameters.max_scale_down_factor),
        current - Tasks{1});
    const Tasks desired = std::min(std::max(needed, kept), current);
    return {
        desired, backlog,
        fmt::format("{} (visible and in flight) {} below {}: {} x {} needs {}, and one step "
                    "keeps at least {} of {}",
                    quantity(work), is_or_are(work), parameters.scale_down_threshold, work.value,
                    parameters.tasks_per_message, quantity(needed), kept.value, current.value)};
}

// A task that is still starting is in `desired` and not in `running`, so adding to the running
// ones never adds it twice.
Proposal scale_out(const ThresholdParameters& parameters, Messages backlog, const Demand& demand,
                   const ServiceState& service) {
    const Tasks working = working_before(demand, service);
    const std::string_view when = demand.launched > Tasks{0} ? " before the last scale-out" : "";
    const Tasks added = std::max(Tasks{1}, tasks_rounded_up(static_cast<double>(backlog.value) *
                                                            parameters.tasks_per_message));
    const Tasks wanted = working + added;
    if (wanted <= service.desired) {
        return {service.desired, backlog,
                fmt::format("{} {} above {}: {} running{} + {} = {}, and {} {} already asked for",
                            quantity(backlog), is_or_are(backlog), parameters.scale_up_threshold,
                            working.value, when, added.value, quantity(wanted),
                            service.desired.value, is_or_are(service.desired))};
    }
    return {
        wanted, backlog,
        fmt::format("{} {} above {}: {} running{} + {} ({} x {}) = {}", quantity(backlog),
                    is_or_are(backlog), parameters.scale_up_threshold, working.value, when,
                    added.value, backlog.value, parameters.tasks_per_message, quantity(wanted))};
}

}  // namespace

Proposal ThresholdPolicy::propose(const Demand& demand, const ServiceState& service) const {
    const Messages in_flight = demand.in_flight.value_or(Messages{0});
    const Messages work = demand.visible + in_flight;
    const Messages backlog = parameters_.use_combined_messages ? work : demand.visible;

    if (static_cast<double>(backlog.value) > parameters_.scale_up_threshold) {
        return scale_out(parameters_, backlog, demand, service);
    }
    if (!demand.in_flight) {
        return {service.desired, backlog,
                fmt::format("{} {} not above {}, and the messages in flight are unknown",
                            quantity(backlog), is_or_are(backlog), parameters_.scale_up_threshold)};
    }
    if (static_cast<double>(work.value) < parameters_.scale_down_threshold &&
        service.desired > Tasks{0}) {
        return scale_in(parameters_, work, backlog, service.desired);
    }
    return {service.desired, backlog,
            fmt::format("{} visible and {} in flight are neither above {} nor below {}",
                        demand.visible.value, in_flight.value, parameters_.scale_up_threshold,
                        parameters_.scale_down_threshold)};
}

}  // namespace fas::scaling
