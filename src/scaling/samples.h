// Numbers of tasks over a stretch of time, as a target remembers them from check to check.
#pragma once

#include <vector>

#include "base/count.h"
#include "base/time.h"

namespace fas::scaling {

// Numbers of a stretch of time. What comes in less than a hundredth of the window (of the shortest
// period) apart shares a sample; what it says then holds for longer by at most that.
struct Sample {
    TimePoint first;
    TimePoint last;
    Tasks tasks;

    bool operator==(const Sample&) const = default;
};

using Samples = std::vector<Sample>;  // the oldest first

// Without those that are older than the window. One of the future is from before the clock went
// back: it counts as of now, so that it ends some time.
void bring_up_to(Samples& samples, Seconds window, TimePoint now);

// Whether what comes now shares the last sample, where the samples are for so long.
bool shares_last(const Samples& samples, Seconds span, TimePoint now);

// A change, for sums over `shortest` at the least and `window` at the most.
void add_change(Samples& samples, Tasks tasks, Seconds shortest, Seconds window, TimePoint now);

Tasks sum_within(const Samples& samples, Seconds period, TimePoint now);

}  // namespace fas::scaling
