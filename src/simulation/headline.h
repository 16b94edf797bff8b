// What a simulation says, in one sentence.
#pragma once

#include <string>

#include "simulation/summary.h"

namespace fas::simulation {

// "staffing would have kept p99 of the waits at 12 s for $4.10; keda 1 min 6 s for $5.20": of all
// that are judged, as they stand. Empty where none is. Names are as they were given, not escaped.
std::string headline(const Comparison& comparison);

}  // namespace fas::simulation
