// What one check saw. What could not be seen is absent, and absent is never zero.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/count.h"
#include "base/time.h"
#include "scaling/controls.h"

namespace fas::scaling {

struct QueueDepth {
    std::optional<Messages> visible;    // waiting to be received
    std::optional<Messages> in_flight;  // received by a task, not yet deleted

    // Of the waiting ones, what more tasks do not get on with: not in `visible`, and so no reason
    // for more than one task; but a reason for that one.
    Messages stuck{};

    std::optional<Seconds> oldest_age;     // how long the oldest message has waited
    std::optional<double> publish_rate;    // messages a second that come in; at least 0
    std::optional<double> delivery_rate;   // messages a second that tasks receive; at least 0
    std::optional<TimePoint> measured_at;  // by the source's own account; absent: when it was read
    std::string estimated_from;            // for a person; empty: the counts were counted
    // Why the counts are only a lower bound, which allows no scale-in; without a visible
    // count, why it is unknown. Empty: they are whole.
    std::string missing;

    bool operator==(const QueueDepth&) const = default;
};

struct ServiceState {
    Tasks desired;                                       // what the service is asked to have
    Tasks running;                                       // what works now
    Tasks pending;                                       // what is starting
    std::optional<bool> deployment_in_progress = false;  // absent: it is not known
    Controls controls;                                   // of the service's own tags and switches
    // What it can be set to by its own account; absent: there is no such bound.
    std::optional<Tasks> own_min{};
    std::optional<Tasks> own_max{};
    // Who else changes what it is to have, as far as its own state tells, and what to do about it,
    // for a person. A constant of the program; empty: nobody.
    std::string_view other_master{};
};

// What is wanted where the queue's depth is unknown, in place of a hold (fallback.h).
struct StandIn {
    Tasks desired;
    std::string reason;  // for a person
};

struct Observation {
    QueueDepth queue;
    ServiceState service;
    std::optional<StandIn> stand_in;
    Tasks launched;         // of the desired count: added within the scale-out cooldown, by us
    bool own_zero = false;  // a desired count of 0 is what the last recorded action set
};

}  // namespace fas::scaling
