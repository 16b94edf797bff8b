// Traces that people bring: each is refused, or one that can be simulated.
#include "simulation/trace_csv.h"

#include <algorithm>
#include <cmath>

#include "tests/fuzz/fuzz.h"

namespace fas::fuzz::trace_csv {

void check(std::string_view input) {
    const auto reading = simulation::read_trace_csv(input);
    if (!reading) {
        require_sound(reading.error());
        require(printable(reading.error().message), "a complaint can be printed");
        return;
    }
    const simulation::Trace& trace = reading->trace;
    require(trace.moments.empty() || trace.counts.empty(), "either bins or moments");
    require(std::ranges::is_sorted(trace.moments), "moments are in order");
    require(std::ranges::all_of(trace.counts, [](double one) { return one >= 0; }),
            "no count is below 0");
    require(trace.bin > Seconds{0} && std::isfinite(trace.length().count()), "it ends");
    require(std::isfinite(trace.messages()) && trace.peak_rate() >= 0, "it can be counted");
}

}  // namespace fas::fuzz::trace_csv
