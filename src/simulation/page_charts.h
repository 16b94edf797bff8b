// The parts of the page that show a time: what came, what waited, how long, and the tasks.
#pragma once

#include <string>

#include "simulation/summary.h"

namespace fas::simulation {

// The class by which the page's style knows it: "c0", "c1", ... or "limit".
std::string style_of(const Comparison& comparison, const Contestant& contestant);

// Sections of HTML. What belongs to a contestant has the class "of" and its index, by which the
// page's legend hides it.
std::string page_charts(const Comparison& comparison);

}  // namespace fas::simulation
