#include "scaling/backlog.h"

#include <fmt/format.h>

#include <cmath>

#include "base/quantity.h"
#include "scaling/rounding.h"

namespace fas::scaling {

Proposal BacklogPolicy::propose(const Demand& demand, const ServiceState& service) const {
    const bool in_flight_missing = parameters_.count_in_flight && !demand.in_flight;
    const Messages in_flight =
        parameters_.count_in_flight ? demand.in_flight.value_or(Messages{0}) : Messages{0};
    const Messages backlog = demand.visible + in_flight;
    const double needed = static_cast<double>(backlog.value) / parameters_.target_messages_per_task;
    const Tasks wanted = tasks_rounded_up(needed);
    const std::string computation =
        fmt::format("{} at {:g} a task need{} {}", quantity(backlog),
                    parameters_.target_messages_per_task, verb_ending(backlog), quantity(wanted));

    if (wanted < service.desired && in_flight_missing) {
        return {service.desired, backlog, computation + ", but the messages in flight are unknown"};
    }
    // The ratio of the backlog per task to its target. Nothing is within tolerance of zero tasks.
    const double ratio = needed / static_cast<double>(service.desired.value);
    if (service.desired > Tasks{0} && std::abs(ratio - 1.0) <= parameters_.tolerance + 1e-9) {
        return {service.desired, backlog,
                fmt::format("{}, and {} {} within the tolerance of {:g} %", computation,
                            service.desired.value, is_or_are(service.desired),
                            parameters_.tolerance * 100.0)};
    }
    return {wanted, backlog, computation};
}

}  // namespace fas::scaling
