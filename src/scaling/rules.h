// The rules that hold whatever the policy says: bounds, cooldowns, what protects running work, and
// what operators said.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "base/count.h"
#include "base/time.h"

namespace fas::scaling {

// More tasks than this nobody can ask for, neither by the configuration nor by a tag.
inline constexpr std::int64_t tasks_max = 100'000;

// What passes inside the scale-out cooldown.
enum class CooldownOverride {
    larger_backlog,  // a scale-out for more messages than the last one's
    always,          // every scale-out: the original Fast Autoscaler's priority override
    never,
};

// What an operator stopped.
enum class Pause { none, in, out, all };

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

    // A reading of the queue that is older than this counts as unknown (fresh_enough).
    std::optional<Seconds> queue_age_max;

    // For how long readings of the queue must want a scale-in until there is one. 0: one will do.
    Seconds scale_in_evidence{30};

    // A service at 0 tasks with min_tasks above 0 was stopped by a person, and stays stopped.
    bool respect_operator_stop = true;

    // No scale-in below the number of tasks that are protected from one (apply_protection).
    bool respect_task_protection = true;

    // By operators, for a while. A pause wins over hold_at, and that over everything else.
    Pause pause = Pause::none;
    std::optional<Tasks> hold_at;

    // What the service's tag may ask for at most.
    std::optional<Tasks> max_tasks_by_tag;

    bool operator==(const Rules&) const = default;
};

}  // namespace fas::scaling
