// What comes into a queue over a stretch of time.
#pragma once

#include <vector>

#include "base/time.h"

namespace fas::simulation {

// How the messages of one bin come within it.
enum class Spread { random, even };

// Either counts of bins of one length, or the moments themselves.
struct Trace {
    TimePoint start;  // of the first bin; what moments are counted from
    Seconds bin{60};
    std::vector<double> counts;  // messages of each bin, at least 0; fractions are carried over
    Spread spread = Spread::random;
    std::vector<Seconds> moments;  // in order; where there are any, counts and bin say nothing

    Seconds length() const;    // to the end of the last bin, or the last moment
    double messages() const;   // of all
    double peak_rate() const;  // messages a second of the fullest five minutes
};

}  // namespace fas::simulation
