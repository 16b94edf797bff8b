#include "simulation/random.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace fas::simulation {

namespace {

constexpr double normal_p95 = 1.6448536269514722;  // the 95th percentile of a normal distribution

// Seeds next to each other, and streams of one seed, must have nothing in common (splitmix64).
std::uint64_t scattered(std::uint64_t seed, Stream stream) {
    std::uint64_t bits = seed + (static_cast<std::uint64_t>(stream) + 1) * 0x9e3779b97f4a7c15U;
    bits = (bits ^ (bits >> 30U)) * 0xbf58476d1ce4e5b9U;
    bits = (bits ^ (bits >> 27U)) * 0x94d049bb133111ebU;
    return bits ^ (bits >> 31U);
}

}  // namespace

Random::Random(std::uint64_t seed, Stream stream) : engine_(scattered(seed, stream)) {}

double Random::uniform() { return static_cast<double>(engine_() >> 11U) * 0x1p-53; }

std::size_t Random::below(std::size_t number) {
    return std::min(static_cast<std::size_t>(uniform() * static_cast<double>(number)), number - 1);
}

// Box and Muller's method.
double Random::normal() {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
    return radius * std::cos(2.0 * std::numbers::pi * uniform());
}

double Random::gamma(double variation) {
    if (variation <= 0) return 1.0;
    if (variation == 1.0) return -std::log(1.0 - uniform());
    const double shape = 1.0 / (variation * variation);
    return gamma_of_shape(shape) / shape;
}

// Marsaglia and Tsang's method; a shape below 1 by way of the one above it.
double Random::gamma_of_shape(double shape) {
    if (shape < 1.0) {
        const double above = gamma_of_shape(shape + 1.0);
        return above * std::pow(1.0 - uniform(), 1.0 / shape);
    }
    const double d = shape - 1.0 / 3.0;
    const double c = 1.0 / std::sqrt(9.0 * d);
    for (;;) {
        const double x = normal();
        const double v = std::pow(1.0 + c * x, 3.0);
        if (v <= 0) continue;
        if (std::log(1.0 - uniform()) < 0.5 * x * x + d - d * v + d * std::log(v)) return d * v;
    }
}

Lognormal::Lognormal(Seconds median, Seconds p95)
    : mu_(std::log(std::max(median.count(), 1e-9))),
      sigma_(std::log(std::max(p95 / std::max(median, Seconds{1e-9}), 1.0)) / normal_p95) {}

Seconds Lognormal::draw(Random& random) const {
    return Seconds{std::exp(mu_ + sigma_ * random.normal())};
}

double Lognormal::mean() const { return std::exp(mu_ + sigma_ * sigma_ / 2.0); }

}  // namespace fas::simulation
