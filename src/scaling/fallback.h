// What is done while the queue cannot be read. First the last good reading stands in for a while,
// as a lower bound: it may scale out, never in. Where there is none, or it is too old, the
// service is held; after several failures in a row, a fallback has its say, if one is configured.
// https://keda.sh/docs/latest/reference/scaledobject-spec/#fallback
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/name.h"
#include "base/time.h"
#include "scaling/observation.h"

namespace fas::scaling {

enum class FallbackBehavior {
    hold,               // leave everything as it is
    fixed,              // "static": fallback_tasks
    current,            // the present count, within the bounds
    current_if_higher,  // the present count, but at least fallback_tasks
    current_if_lower,   // the present count, but at most fallback_tasks
};

inline constexpr std::array fallback_names{
    Name{"hold", FallbackBehavior::hold}, Name{"static", FallbackBehavior::fixed},
    Name{"current", FallbackBehavior::current},
    Name{"current_if_higher", FallbackBehavior::current_if_higher},
    Name{"current_if_lower", FallbackBehavior::current_if_lower}};

struct Fallback {
    FallbackBehavior behavior = FallbackBehavior::hold;
    std::int64_t failure_threshold = 3;  // more failures in a row than this; 0 or more
    Tasks fallback_tasks;
    Seconds last_good_max_age{0};  // 0: a last good reading never stands in

    bool operator==(const Fallback&) const = default;
};

// Of one target, from check to check. A copyable value.
struct FallbackMemory {
    std::int64_t failures = 0;  // in a row
    std::optional<QueueDepth> last_good;
    TimePoint last_good_at;  // when it was measured

    bool operator==(const FallbackMemory&) const = default;
};

// What the queue's reading stands for, once in each check, after staleness and combination
// (combine.h). A known depth is returned as it is, and ends a row of failures; it is remembered
// when it is whole. One that is unknown, for the reason `why`, counts as a failure.
QueueDepth remember_reading(QueueDepth depth, std::string_view why, const Fallback& fallback,
                            FallbackMemory& memory, TimePoint now);

// For Observation::stand_in, after remember_reading(). Nothing while the failures are too few, or
// where the fallback is to hold.
std::optional<StandIn> stand_in(const Fallback& fallback, const FallbackMemory& memory,
                                const ServiceState& service);

}  // namespace fas::scaling
