#include "simulation/peers/oracle.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <queue>

namespace fas::simulation {

namespace {

// A task that is given back for less than this costs more than one that is kept: each is billed for
// a minute at least.
constexpr Seconds kept{60};

}  // namespace

Oracle::Oracle(const Trace& trace, const PlantParameters& plant, Tasks min, Tasks max,
               std::uint64_t seed)
    : ahead_(plant.start_up_p95),
      min_(min),
      max_(max),
      messages_per_task_(static_cast<double>(plant.messages_per_task)) {
    learn(trace, plant, seed);
}

void Oracle::learn(const Trace& trace, const PlantParameters& plant, std::uint64_t seed) {
    Arrivals arrivals{trace, plant.work, seed};
    std::priority_queue<Seconds, std::vector<Seconds>, std::greater<>> ends;
    const auto note = [this, &ends](Seconds at) {
        const auto second = static_cast<std::size_t>(at.count());
        if (busy_.size() <= second) busy_.resize(second + 1);
        busy_[second] = std::max(busy_[second], static_cast<std::int32_t>(ends.size()));
    };
    const auto end_until = [&](Seconds moment) {
        while (!ends.empty() && ends.top() <= moment) {
            note(ends.top());
            ends.pop();
        }
    };
    while (arrivals.next()) {
        const Message message = arrivals.take();
        end_until(message.came);
        ends.push(message.came + message.work);
        note(message.came);
    }
    end_until(Seconds::max());
}

double Oracle::most_busy(Seconds from, Seconds to) const {
    const auto begin = std::min(static_cast<std::size_t>(from.count()), busy_.size());
    const auto end = std::min(static_cast<std::size_t>(to.count()) + 1, busy_.size());
    const auto most = std::max_element(busy_.begin() + static_cast<std::ptrdiff_t>(begin),
                                       busy_.begin() + static_cast<std::ptrdiff_t>(end));
    return begin == end ? 0.0 : *most;
}

std::optional<Wish> Oracle::look(const Sight& sight) {
    next_look_ = sight.now + Seconds{1};
    const auto tasks = [this](double messages) {
        return std::clamp(
            Tasks{static_cast<std::int64_t>(std::ceil(messages / messages_per_task_))}, min_, max_);
    };
    const Tasks needed = tasks(most_busy(sight.now, sight.now + std::max(ahead_, kept)));
    if (needed == sight.desired) return std::nullopt;
    return Wish{needed, fmt::format("{} will be busy", needed.value)};
}

}  // namespace fas::simulation
