#include "simulation/peers/original.h"

#include <fmt/format.h>

#include <algorithm>

namespace fas::simulation {

namespace {

constexpr Seconds schedule{60};
constexpr Messages scale_up_threshold{100};
constexpr Messages scale_down_threshold{99};
constexpr Seconds scale_in_cooldown{120};
constexpr double max_scale_down_factor = 0.99;  // the share that is kept

Tasks cut_off(double tasks) { return {static_cast<std::int64_t>(tasks)}; }

}  // namespace

std::optional<Wish> Original::look(const Sight& sight) {
    next_look_ = sight.now + schedule;
    const Tasks made = cut_off(static_cast<double>(sight.visible.value) * tasks_per_message_);
    Tasks wanted = sight.desired;
    if (sight.visible > scale_up_threshold) {
        wanted = sight.desired + std::max(Tasks{1}, made);
    } else if (sight.visible < scale_down_threshold) {
        const auto current = static_cast<double>(sight.desired.value);
        wanted = std::max({bounds_.min, made, cut_off(current * max_scale_down_factor)});
    }
    wanted = bounds_.clamp(wanted);
    if (wanted == sight.desired) return std::nullopt;
    const bool in = wanted < sight.desired;
    if (in && last_action_ && sight.now - *last_action_ < scale_in_cooldown) return std::nullopt;
    last_action_ = sight.now;
    return Wish{wanted, fmt::format("{} messages visible", sight.visible.value)};
}

}  // namespace fas::simulation
