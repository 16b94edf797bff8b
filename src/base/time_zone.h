// A time zone of the IANA database: what the clocks of a place show, and when they are set forward
// or back. Pure; time_zone_files.h reads the system's files.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

#include "base/posix_zone_rule.h"
#include "base/result.h"

namespace fas {

using SysSeconds = std::chrono::sys_seconds;
using LocalSeconds = std::chrono::local_seconds;  // as a clock there shows it

class TimeZone {
  public:
    // UTC, without any file.
    TimeZone() = default;

    // While clocks go at one offset from UTC: from `begin` to before `end`.
    struct Period {
        SysSeconds begin;
        SysSeconds end;  // after `begin`
        std::chrono::seconds offset;
    };

    // The one that `time` is in. Those before year -26000 and after 30000 count as these.
    Period period_at(SysSeconds time) const;

    // The latest time that the clocks have shown until `time`. It is what they show, but after they
    // were set back.
    LocalSeconds furthest_at(SysSeconds time) const;

    // When the clocks show this time, or a later one, for the first time: the earlier of two times
    // with one name, and the end of the gap for a time that is left out.
    SysSeconds first_at(LocalSeconds time) const;

  private:
    friend Result<TimeZone> parse_time_zone(std::string_view bytes);

    struct Transition {
        SysSeconds at;
        std::chrono::seconds offset;  // from then on
    };

    Period period_of_rule(SysSeconds time) const;

    std::chrono::seconds first_offset_{0};
    std::vector<Transition> transitions_;  // ascending
    std::optional<PosixZoneRule> rule_;    // after the last of them
};

// A TZif file, of version 2 or later (RFC 9636). An error for anything else, and for one that
// counts leap seconds.
Result<TimeZone> parse_time_zone(std::string_view bytes);

}  // namespace fas
