// A trace, and what else its source tells of the queue and the service.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "simulation/trace.h"

namespace fas::app {

struct FoundTrace {
    simulation::Trace trace;
    std::optional<Seconds> processing_time;  // the mean of a message; absent: it does not tell
    std::vector<std::string> notes;          // what was made of it, for a person
};

}  // namespace fas::app
