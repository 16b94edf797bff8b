#include "base/time.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "base/ascii.h"
#include "base/take.h"

namespace fas {

namespace {

constexpr std::chrono::seconds last_second{253402300799};  // the last second of the year 9999

bool in_range(TimePoint time) { return time >= TimePoint{} && time <= TimePoint{last_second}; }

// Takes `digits` decimal digits from the front of `text`.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
    if (text.size() < digits) return std::nullopt;
    int number = 0;
    for (const char c : text.substr(0, digits)) {
        if (!is_digit(c)) return std::nullopt;
        number = number * 10 + (c - '0');
    }
    text.remove_prefix(digits);
    return number;
}

std::optional<std::chrono::microseconds> take_fraction(std::string_view& text) {
    if (!take(text, '.')) return std::chrono::microseconds{0};
    std::int64_t micros = 0;
    std::size_t digits = 0;
    while (!text.empty() && is_digit(text.front())) {
        if (digits < 6) micros = micros * 10 + (text.front() - '0');
        text.remove_prefix(1);
        ++digits;
    }
    if (digits == 0 || digits > 9) return std::nullopt;
    for (; digits < 6; ++digits) micros *= 10;
    return std::chrono::microseconds{micros};
}

std::optional<std::chrono::minutes> take_utc_offset(std::string_view& text) {
    if (text.empty() || take(text, 'Z')) return std::chrono::minutes{0};
    const bool east = text.front() == '+';
    if (!east && text.front() != '-') return std::nullopt;
    text.remove_prefix(1);
    const auto hours = take_number(text, 2);
    take(text, ':');
    const auto minutes = take_number(text, 2);
    if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
    const std::chrono::minutes offset = std::chrono::hours{*hours} + std::chrono::minutes{*minutes};
    return east ? offset : -offset;
}

std::optional<TimePoint> to_time(int year, int month, int day, int hour, int minute, int second) {
    const std::chrono::year_month_day date{std::chrono::year{year},
                                           std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
    return TimePoint{std::chrono::sys_days{date} + std::chrono::hours{hour} +
                     std::chrono::minutes{minute} + std::chrono::seconds{second}};
}

bool take_text(std::string_view& text, std::string_view expected) {
    if (!text.starts_with(expected)) return false;
    text.remove_prefix(expected.size());
    return true;
}

// The number, from 1, of the name that `text` begins with.
template <std::size_t size>
std::optional<int> take_name(std::string_view& text,
                             const std::array<std::string_view, size>& names) {
    for (std::size_t i = 0; i < size; ++i) {
        if (take_text(text, names[i])) return static_cast<int>(i) + 1;
    }
    return std::nullopt;
}

}  // namespace

std::optional<TimePoint> from_epoch_seconds(double seconds) {
    if (!(seconds >= 0.0 && seconds <= static_cast<double>(last_second.count())))
        return std::nullopt;
    return TimePoint{std::chrono::microseconds{std::llround(seconds * 1e6)}};
}

double to_epoch_seconds(TimePoint time) {
    return static_cast<double>(time.time_since_epoch().count()) / 1e6;
}

std::string to_iso8601(TimePoint time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{time - day};
    std::string text =
        fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                    static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                    clock.hours().count(), clock.minutes().count(), clock.seconds().count());
    if (clock.subseconds().count() != 0) text += fmt::format(".{:06}", clock.subseconds().count());
    return text + "Z";
}

std::optional<TimePoint> parse_iso8601(std::string_view text) {
    const auto year = take_number(text, 4);
    if (!year || !take(text, '-')) return std::nullopt;
    const auto month = take_number(text, 2);
    if (!month || !take(text, '-')) return std::nullopt;
    const auto day = take_number(text, 2);
    if (!day || !(take(text, 'T') || take(text, ' '))) return std::nullopt;
    const auto hour = take_number(text, 2);
    if (!hour || !take(text, ':')) return std::nullopt;
    const auto minute = take_number(text, 2);
    if (!minute || !take(text, ':')) return std::nullopt;
    const auto second = take_number(text, 2);
    if (!second) return std::nullopt;
    const auto fraction = take_fraction(text);
    const auto offset = take_utc_offset(text);
    if (!fraction || !offset || !text.empty()) return std::nullopt;

    const auto time = to_time(*year, *month, *day, *hour, *minute, *second);
    if (!time || !in_range(*time + *fraction - *offset)) return std::nullopt;
    return *time + *fraction - *offset;
}

std::optional<TimePoint> parse_http_date(std::string_view text) {
    static constexpr std::array<std::string_view, 7> days{"Mon", "Tue", "Wed", "Thu",
                                                          "Fri", "Sat", "Sun"};
    static constexpr std::array<std::string_view, 12> months{
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    if (!take_name(text, days) || !take_text(text, ", ")) return std::nullopt;
    const auto day = take_number(text, 2);
    if (!day || !take(text, ' ')) return std::nullopt;
    const auto month = take_name(text, months);
    if (!month || !take(text, ' ')) return std::nullopt;
    const auto year = take_number(text, 4);
    if (!year || !take(text, ' ')) return std::nullopt;
    const auto hour = take_number(text, 2);
    if (!hour || !take(text, ':')) return std::nullopt;
    const auto minute = take_number(text, 2);
    if (!minute || !take(text, ':')) return std::nullopt;
    const auto second = take_number(text, 2);
    if (!second || text != " GMT") return std::nullopt;
    const auto time = to_time(*year, *month, *day, *hour, *minute, *second);
    return time && in_range(*time) ? time : std::nullopt;
}

}  // namespace fas
