#include "simulation/peers/target_tracking.h"

#include <fmt/format.h>

#include <cmath>

namespace fas::simulation {

namespace {

// The two alarms that a policy makes, each of data points of a minute:
// https://github.com/aws/containers-roadmap/issues/1208
constexpr int points_above = 3;
constexpr int points_below = 15;

// "Usually more than 10% lower" than the target, says the page of target tracking.
constexpr double clearly_below = 0.9;

constexpr double most_at_once = 0.1;  // of the tasks, by a scale-in; our own choice

}  // namespace

TargetTracking::TargetTracking(double target, Bounds bounds)
    : target_(target), service_(bounds), high_(points_above), low_(points_below) {}

std::optional<Wish> TargetTracking::look(const Sight& sight) {
    next_look_ = sight.now + metric_period;
    const auto running = static_cast<double>(std::max(sight.running, Tasks{1}).value);
    const std::optional<double> backlog =
        metric_.publish(static_cast<double>(sight.visible.value) / running);
    if (!backlog) return std::nullopt;
    const bool above = high_.evaluate(*backlog > target_);
    const bool below = low_.evaluate(*backlog < clearly_below * target_);
    if (above) return scale_out(*backlog, sight);
    if (below) return scale_in(*backlog, sight);
    return std::nullopt;
}

std::optional<Wish> TargetTracking::scale_out(double backlog, const Sight& sight) {
    const auto base =
        static_cast<double>(std::max(service_.base(sight.desired, sight.now), Tasks{1}).value);
    const Tasks wanted{static_cast<std::int64_t>(std::ceil(base * backlog / target_))};
    const auto tasks = service_.scale_out(wanted, sight.desired, sight.now);
    if (!tasks) return std::nullopt;
    return Wish{*tasks, fmt::format("backlog per task {:.4g} above {:.4g} for {} minutes", backlog,
                                    target_, points_above)};
}

std::optional<Wish> TargetTracking::scale_in(double backlog, const Sight& sight) {
    const auto desired = static_cast<double>(sight.desired.value);
    const double too_many = std::floor(desired * (1 - backlog / target_));
    const double removed = std::min(too_many, std::max(1.0, std::floor(desired * most_at_once)));
    const Tasks wanted = sight.desired - Tasks{static_cast<std::int64_t>(removed)};
    const auto tasks = service_.scale_in(wanted, sight.desired, sight.now);
    if (!tasks) return std::nullopt;
    return Wish{*tasks, fmt::format("backlog per task {:.4g} below {:.4g} for {} minutes", backlog,
                                    clearly_below * target_, points_below)};
}

}  // namespace fas::simulation
