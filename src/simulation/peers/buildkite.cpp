#include "simulation/peers/buildkite.h"

#include <fmt/format.h>

namespace fas::simulation {

namespace {

constexpr Seconds poll_period{10};

}  // namespace

std::optional<Wish> Buildkite::look(const Sight& sight) {
    next_look_ = sight.now + poll_period;
    const Messages jobs = sight.visible + sight.in_flight;
    const Tasks wanted =
        bounds_.clamp({(jobs.value + agents_per_instance_ - 1) / agents_per_instance_});
    if (wanted <= sight.desired) return std::nullopt;
    return Wish{wanted, fmt::format("{} jobs", jobs.value)};
}

}  // namespace fas::simulation
