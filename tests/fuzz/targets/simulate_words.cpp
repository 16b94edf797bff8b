// What `simulate` is told in a small language of its own: conditions, shapes, durations.
#include "base/duration.h"
#include "simulation/condition.h"
#include "simulation/generator.h"
#include "tests/fuzz/fuzz.h"

namespace fas::fuzz::simulate_words {

namespace {

void require_told(const Error& error) {
    require_sound(error);
    require(printable(error.message), "a complaint can be printed");
}

}  // namespace

void check(std::string_view input) {
    if (const auto time = parse_duration(input)) require(*time > Seconds{0}, "it lasts");
    const auto condition = simulation::parse_condition(input);
    if (!condition) require_told(condition.error());
    if (condition) condition->holds_for({});
    const auto shape = simulation::parse_generator(input);
    if (!shape) require_told(shape.error());
}

}  // namespace fas::fuzz::simulate_words
