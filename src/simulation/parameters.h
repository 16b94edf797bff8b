// What was simulated, in words: for whom a result is shown, so that it can be judged and made
// again.
#pragma once

#include <string>
#include <vector>

#include "simulation/summary.h"

namespace fas::simulation {

struct Parameter {
    std::string name;
    std::string value;
};

// All that a result depends on, but for the contestants themselves.
std::vector<Parameter> parameters_of(const Comparison& comparison);

// "432,000 messages over 24 h, 12.3 a second in the busiest five minutes"
std::string trace_sentence(const Trace& trace);

}  // namespace fas::simulation
