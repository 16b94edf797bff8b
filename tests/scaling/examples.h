// Times, bounds and readings that tests of several files take as their example.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "scaling/cron.h"
#include "scaling/observation.h"
#include "scaling/rules.h"

namespace fas::scaling {

inline const TimePoint now = *from_epoch_seconds(1'700'000'000);
inline const TimePoint noon = *parse_iso8601("2026-11-25T12:00:00Z");  // of a Wednesday

inline constexpr Rules zero_to_hundred{.min_tasks = Tasks{0}, .max_tasks = Tasks{100}};
inline constexpr Rules one_to_hundred{.min_tasks = Tasks{1}, .max_tasks = Tasks{100}};
inline constexpr Rules two_to_hundred{.min_tasks = Tasks{2}, .max_tasks = Tasks{100}};

inline QueueDepth depth(std::int64_t visible, std::optional<std::int64_t> in_flight = 0) {
    QueueDepth result{.visible = Messages{visible}};
    if (in_flight) result.in_flight = Messages{*in_flight};
    return result;
}

inline Cron cron(std::string_view text) {
    std::string problem;
    const auto parsed = parse_cron(text, &problem);
    EXPECT_TRUE(parsed) << text << ": " << problem;
    return parsed.value_or(Cron{});
}

}  // namespace fas::scaling
