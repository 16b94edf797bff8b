// What came of a simulation, for a person at a terminal.
#pragma once

#include <string>

#include "simulation/summary.h"

namespace fas::simulation {

// The headline, what was simulated, how long messages waited with each contestant, what that took,
// and notes: lines of at most 100 columns where names have at most 24. What is not judged stands
// apart.
std::string comparison_table(const Comparison& comparison);

}  // namespace fas::simulation
