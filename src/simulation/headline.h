// What a simulation says, in one sentence.
#pragma once

#include <string>

#include "simulation/summary.h"

namespace fas::simulation {

struct Headline {
    std::string own;    // "staffing would have kept p99 of the waits at 12 s for $4.10"
    std::string peers;  // "keda: 1 min 6 s for $5.20; aws ...": the others that are judged, or none
};

// Names are as they were given, not escaped.
Headline headline_of(const Comparison& comparison);

}  // namespace fas::simulation
