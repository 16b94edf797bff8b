// The rule at the end of a time zone's file, for all the years after its table: the form of POSIX's
// TZ variable, "CET-1CEST,M3.5.0,M10.5.0/3" (RFC 9636, section 3.3.1).
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace fas {

struct PosixZoneRule {
    // When the clocks are changed, in each year.
    struct Change {
        enum class Kind { weekday_of_month, day_without_leap_day, day };  // "M3.5.0", "J60", "59"
        Kind kind = Kind::day;
        int month = 0;
        int week = 0;  // 5: the last
        int day = 0;   // of the week, from Sunday 0; or of the year
        std::chrono::seconds time{7200};
    };
    struct Summer {
        std::chrono::seconds offset;
        Change begins;
        Change ends;
    };

    std::chrono::seconds offset{0};
    std::optional<Summer> summer;
};

// Nothing for a text that is no such rule.
std::optional<PosixZoneRule> parse_posix_zone_rule(std::string_view text);

// As a clock shows it that had not been changed yet.
std::chrono::local_seconds local_time_of(const PosixZoneRule::Change& change,
                                         std::chrono::year year);

}  // namespace fas
