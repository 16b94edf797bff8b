#include "scaling/fallback.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/quantity.h"

namespace fas::scaling {

namespace {

// Of the depth without its visible count.
std::string reason_of(const QueueDepth& unknown, std::string_view why) {
    return why.empty() ? unknown.missing : std::string{why};
}

// A last good reading from the future is none: the clock went back, and its age cannot be told.
bool usable(const Fallback& fallback, const FallbackMemory& memory, TimePoint now) {
    if (!memory.last_good || memory.last_good_at > now) return false;
    return now - memory.last_good_at <= fallback.last_good_max_age;
}

QueueDepth last_good(const FallbackMemory& memory, std::string_view why, TimePoint now) {
    QueueDepth depth = *memory.last_good;
    const Seconds age = now - memory.last_good_at;
    depth.missing = fmt::format(
        "the queue could not be read{}{}; the reading of {:.0f} s ago "
        "stands in, which allows no scale-in",
        why.empty() ? "" : ": ", why, std::ceil(age.count()));
    return depth;
}

}  // namespace

QueueDepth remember_reading(QueueDepth depth, std::string_view why, const Fallback& fallback,
                            FallbackMemory& memory, TimePoint now) {
    if (depth.visible) {
        memory.failures = 0;
        if (depth.missing.empty() && fallback.last_good_max_age > Seconds{0}) {
            memory.last_good = depth;
            memory.last_good_at = std::min(now, depth.measured_at.value_or(now));
        }
        return depth;
    }
    ++memory.failures;
    const std::string reason = reason_of(depth, why);
    if (usable(fallback, memory, now)) return last_good(memory, reason, now);
    depth.missing = reason;
    return depth;
}

std::optional<StandIn> stand_in(const Fallback& fallback, const FallbackMemory& memory,
                                const ServiceState& service) {
    if (fallback.behavior == FallbackBehavior::hold) return std::nullopt;
    if (memory.failures <= fallback.failure_threshold) return std::nullopt;
    Tasks desired = service.desired;
    switch (fallback.behavior) {
        case FallbackBehavior::fixed: desired = fallback.fallback_tasks; break;
        case FallbackBehavior::current_if_higher:
            desired = std::max(desired, fallback.fallback_tasks);
            break;
        case FallbackBehavior::current_if_lower:
            desired = std::min(desired, fallback.fallback_tasks);
            break;
        case FallbackBehavior::hold:
        case FallbackBehavior::current: break;
    }
    return StandIn{desired, fmt::format("the queue could not be read {} times in a row: the "
                                        "fallback is {}, {}",
                                        memory.failures, name_of(fallback.behavior, fallback_names),
                                        quantity(desired))};
}

}  // namespace fas::scaling
