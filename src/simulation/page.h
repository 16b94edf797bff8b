// What came of a simulation, as one page that can be sent to somebody: it needs nothing but itself.
#pragma once

#include <string>

#include "simulation/summary.h"

namespace fas::simulation {

// A sentence, the table of figures, charts over time of all contestants on the same axes, and all
// that it depends on. Below 300 KB with six contestants, however long the time and however many the
// changes. All names and reasons are escaped. `more`: HTML to stand before what was simulated, such
// as a frontier's section (frontier.h).
std::string comparison_page(const Comparison& comparison, const std::string& more = {});

}  // namespace fas::simulation
