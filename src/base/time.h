// Points in time and their text forms. Wall-clock time is for signatures, cooldowns and logs;
// steady time is for deadlines and durations.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace fas {

using TimePoint = std::chrono::sys_time<std::chrono::microseconds>;
using SteadyTime = std::chrono::steady_clock::time_point;
using Milliseconds = std::chrono::milliseconds;
using Seconds = std::chrono::duration<double>;

// Clocks of two machines differ a little; a time further ahead than this is no time at all.
inline constexpr Seconds clock_difference_max{300};

// Seconds since the epoch, as AWS's JSON services and the state files write them. Values outside
// the years 1970 to 9999 give nothing.
std::optional<TimePoint> from_epoch_seconds(double seconds);
double to_epoch_seconds(TimePoint time);

// "2026-11-23T21:42:01.123456Z"; the fraction is left out when it is zero.
std::string to_iso8601(TimePoint time);

// Accepts a 'T' or a space between date and time, up to nine digits of fraction (cut to
// microseconds), and "Z", "+hh:mm", "+hhmm" or nothing (taken as UTC) at the end, which covers
// what Python's datetime.isoformat() writes. Anything else, any impossible date, and any time
// outside the years 1970 to 9999 gives nothing.
std::optional<TimePoint> parse_iso8601(std::string_view text);

// The one form that servers send in a Date header, "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110,
// section 5.6.7). Anything else gives nothing, as above.
std::optional<TimePoint> parse_http_date(std::string_view text);

}  // namespace fas
