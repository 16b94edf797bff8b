#include "simulation/peers/step_scaling.h"

#include <fmt/format.h>

namespace fas::simulation {

namespace {

constexpr Tasks small_step{1};
constexpr Tasks large_step{5};
constexpr double large_from = 5;  // times the threshold

}  // namespace

std::optional<Wish> StepScaling::look(const Sight& sight) {
    next_look_ = sight.now + metric_period;
    const std::optional<double> visible = metric_.publish(static_cast<double>(sight.visible.value));
    if (!visible) return std::nullopt;
    std::optional<Tasks> tasks;
    if (*visible >= threshold_) {
        const Tasks step = *visible >= large_from * threshold_ ? large_step : small_step;
        const Tasks wanted = service_.base(sight.desired, sight.now) + step;
        tasks = service_.scale_out(wanted, sight.desired, sight.now);
    } else if (*visible <= 0) {
        tasks = service_.scale_in(sight.desired - small_step, sight.desired, sight.now);
    }
    if (!tasks) return std::nullopt;
    return Wish{*tasks, fmt::format("{:.0f} messages visible a minute ago", *visible)};
}

}  // namespace fas::simulation
