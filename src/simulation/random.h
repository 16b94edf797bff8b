// Chance from a seed: the same seed gives the same numbers, to the bit, on every machine. The
// standard library's distributions promise that to nobody, so these are our own.
#pragma once

#include <cstdint>
#include <random>

#include "base/time.h"

namespace fas::simulation {

// Each use of chance has a stream of its own, so that what one part of a simulation draws changes
// nothing for the others: two policies meet the same messages.
enum class Stream : std::uint64_t {
    arrivals,
    work,
    start_ups,
    scale_ins,
    readings,
    returns,
    generator
};

class Random {
  public:
    Random(std::uint64_t seed, Stream stream);

    double uniform();                       // at least 0, below 1
    std::size_t below(std::size_t number);  // at least 0, below the number, which is above 0
    double normal();                        // of mean 0 and variance 1

    // Of mean 1. `variation` is the coefficient of variation, at least 0: with 0 it is always 1,
    // with 1 it is the exponential distribution.
    double gamma(double variation);

  private:
    double gamma_of_shape(double shape);

    std::mt19937_64 engine_;
};

// A lognormal distribution, as start-up times have it: most are near the median, a few far above.
class Lognormal {
  public:
    Lognormal(Seconds median, Seconds p95);
    Seconds draw(Random& random) const;
    double mean() const;  // seconds

  private:
    double mu_;
    double sigma_;
};

}  // namespace fas::simulation
