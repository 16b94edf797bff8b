// Where a value stands on a chart, and which values are written beside it.
#pragma once

#include <string>
#include <vector>

#include "base/time.h"

namespace fas::simulation {

struct Tick {
    double value = 0;
    std::string text;
};

struct Axis {
    double low = 0;
    double high = 1;           // above low
    bool logarithmic = false;  // of a value and 1, so that 0 has its place
    std::vector<Tick> ticks;

    double share(double value) const;  // 0 at low, 1 at high
};

enum class Unit { count, seconds, dollars };

// From 0 to the greatest of the values.
Axis linear_axis_of(const std::vector<double>& values, Unit unit);

// The same, but logarithmic where a quarter of the values above 0 would lie in the lowest
// twentieth.
Axis axis_of(const std::vector<double>& values, Unit unit);

// From the least to the greatest of the values, with a little room.
Axis close_axis_of(const std::vector<double>& values, Unit unit);

// Moments of so long a time, in seconds since its start: by the clock (UTC), or by what has passed
// where the start is no date.
Axis time_axis(TimePoint start, Seconds length);

// "02:47", with the day where the time is longer than one; or what has passed: "2.8 h".
std::string moment_text(TimePoint start, Seconds length, Seconds moment);

}  // namespace fas::simulation
