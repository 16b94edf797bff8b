// Arrivals that are made and not measured: for tests, and to try things out.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/name.h"
#include "base/result.h"
#include "base/time.h"
#include "simulation/trace.h"

namespace fas::simulation {

enum class Shape {
    constant,  // evenly spaced, at `rate`
    poisson,   // at random, at `rate`; and so are all that follow
    step,      // at `rate`, and from `at` on at `peak`
    ramp,      // from `rate` at the beginning to `peak` at the end
    daily,     // from `rate` at midnight to `peak` at noon and back
    bursts,    // at `rate`, and for `lasts` at `peak`, at random moments, `every` so often
    batches,   // at `rate`, and `size` messages within a second, `every` so often
};

inline constexpr std::array shape_names{
    Name{"constant", Shape::constant}, Name{"poisson", Shape::poisson},
    Name{"step", Shape::step},         Name{"ramp", Shape::ramp},
    Name{"daily", Shape::daily},       Name{"bursts", Shape::bursts},
    Name{"batches", Shape::batches}};

struct GeneratorParameters {
    Shape shape = Shape::poisson;
    Seconds length{86400};
    double rate = 1;      // messages a second
    double peak = 10;     // messages a second
    Seconds at{3600};     // of step
    Seconds every{3600};  // of bursts (on average) and batches (the first after so long)
    Seconds lasts{300};   // of bursts
    double size = 1000;   // messages, of batches; where `rate` is not given, it is 0
};

// "daily:rate=10,peak=40,length=7d": a shape, and what is not as above, of what the shape knows.
// Durations are as base/duration.h has them. An error (invalid) says what
// is wrong and what there is. A trace of over 100 million messages or over 100 days is one too.
Result<GeneratorParameters> parse_generator(std::string_view spec);

// The same seed gives the same messages. The parameters are those that parse_generator() accepts.
Trace generate(const GeneratorParameters& parameters, std::uint64_t seed);

}  // namespace fas::simulation
