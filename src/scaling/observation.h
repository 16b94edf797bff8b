// What one check saw. What could not be seen is absent, and absent is never zero.
#pragma once

#include <optional>

#include "base/count.h"
#include "scaling/controls.h"

namespace fas::scaling {

struct QueueDepth {
    std::optional<Messages> visible;    // waiting to be received
    std::optional<Messages> in_flight;  // received by a task, not yet deleted
};

struct ServiceState {
    Tasks desired;  // what the service is asked to have
    Tasks running;  // what works now
    Tasks pending;  // what is starting
    bool deployment_in_progress = false;
    Controls controls;  // of the service's own tags
};

struct Observation {
    QueueDepth queue;
    ServiceState service;
};

}  // namespace fas::scaling
