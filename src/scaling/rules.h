// The rules that hold whatever the policy says: bounds, cooldowns, and what protects running work.
#pragma once

#include <chrono>
#include <optional>

#include "base/count.h"
#include "base/time.h"

namespace fas::scaling {

// What passes inside the scale-out cooldown.
enum class CooldownOverride {
    larger_backlog,  // a scale-out for more messages than the last one's
    always,          // every scale-out: the original Fast Autoscaler's priority override
    never,
};

struct Rules {
    Tasks min_tasks{10};
    Tasks max_tasks{300};
    Seconds scale_out_cooldown{120};
    Seconds scale_in_cooldown{120};
    CooldownOverride scale_out_override = CooldownOverride::larger_backlog;

    // Where min_tasks is 0: a backlog of at most this many messages counts as none.
    Messages activation_threshold{0};

    // How many messages one task holds at a time. Where set, a scale-in keeps enough tasks for
    // the messages in flight.
    std::optional<double> in_flight_per_task;

    // A service at 0 tasks with min_tasks above 0 was stopped by a person, and stays stopped.
    bool respect_operator_stop = true;

    bool operator==(const Rules&) const = default;
};

}  // namespace fas::scaling
