#include "simulation/peers/keda.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace fas::simulation {

namespace {

// KEDA's, by the page of ScaledObject.
constexpr Seconds polling_interval{30};
constexpr Seconds cooldown_period{300};

// The HPA's, by its page: --horizontal-pod-autoscaler-sync-period and -tolerance, and the default
// behavior. Its policies' period is that of a sync, so what one sync may change no other has to
// count.
constexpr Seconds sync_period{15};
constexpr double tolerance = 0.1;
constexpr Seconds stabilization_window{300};  // of a scale-down; a scale-up has none
constexpr Tasks most_pods_up{4};              // or 100 %, whichever is more

// scaleOnInFlight is true, scaleOnDelayed false.
Messages length_of(const Sight& sight) { return sight.visible + sight.in_flight; }

}  // namespace

std::optional<Wish> Keda::look(const Sight& sight) {
    next_look_ = sight.now + sync_period;
    if (sight.now >= next_poll_) {
        next_poll_ = sight.now + polling_interval;
        if (auto wish = poll(sight)) return wish;
    }
    // The HPA leaves alone what has no pods.
    return sight.desired == Tasks{0} ? std::nullopt : sync(sight);
}

// Between none and one.
std::optional<Wish> Keda::poll(const Sight& sight) {
    const bool active = length_of(sight) > Messages{0};  // activationQueueLength
    if (active) last_active_ = sight.now;
    if (active && sight.desired == Tasks{0}) {
        return Wish{std::max(bounds_.min, Tasks{1}), "KEDA: the queue is active"};
    }
    const bool cooled_down = !last_active_ || sight.now - *last_active_ > cooldown_period;
    if (!active && cooled_down && bounds_.min == Tasks{0} && sight.desired > Tasks{0}) {
        return Wish{Tasks{0}, "KEDA: the queue is not active"};
    }
    return std::nullopt;
}

std::optional<Wish> Keda::sync(const Sight& sight) {
    if (recommendations_.empty()) recommendations_.push_back({sight.now, sight.desired});
    const Tasks wanted = stabilised(recommended(sight), sight);
    const Tasks most = sight.desired + std::max(most_pods_up, sight.desired);
    const Bounds bounds{std::max(bounds_.min, Tasks{1}), bounds_.max};
    const Tasks tasks = bounds.clamp(std::min(wanted, most));
    if (tasks == sight.desired) return std::nullopt;
    return Wish{tasks, fmt::format("HPA: {} messages at {:.4g} a pod make {}",
                                   length_of(sight).value, queue_length_, wanted.value)};
}

// By an external metric of which each pod has its share (averageValue).
Tasks Keda::recommended(const Sight& sight) const {
    const auto length = static_cast<double>(length_of(sight).value);
    const double ratio = length / (queue_length_ * static_cast<double>(sight.desired.value));
    if (1 - tolerance <= ratio && ratio <= 1 + tolerance) return sight.desired;
    return {static_cast<std::int64_t>(std::ceil(length / queue_length_))};
}

// A scale-down goes to the highest of what was recommended lately.
Tasks Keda::stabilised(Tasks wanted, const Sight& sight) {
    while (!recommendations_.empty() &&
           recommendations_.front().at <= sight.now - stabilization_window) {
        recommendations_.pop_front();
    }
    recommendations_.push_back({sight.now, wanted});
    if (wanted >= sight.desired) return wanted;
    return std::ranges::max_element(recommendations_, {}, &Recommendation::tasks)->tasks;
}

}  // namespace fas::simulation
