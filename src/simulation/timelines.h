// What the page's charts show over time, as points: moments in seconds since the start.
#pragma once

#include <functional>
#include <vector>

#include "simulation/chart.h"
#include "simulation/simulation.h"

namespace fas::simulation {

// How long the stretches are over which arrivals are counted: whole bins, so that none is cut.
Seconds arrivals_stretch(const Trace& trace);
// Messages a second in each of them; the last point is the end.
std::vector<Point> arrival_rates(const Trace& trace);

using Value = std::function<double(const Stretch&)>;
// At most so many points, each the greatest of some stretches.
std::vector<Point> points_of(const Outcome& outcome, std::size_t most, const Value& value);

// The most that was asked for in each stretch: of each change, and not only of a stretch's end.
std::vector<Point> most_desired(const Outcome& outcome);

}  // namespace fas::simulation
