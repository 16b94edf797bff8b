#include "base/posix_zone_rule.h"

#include <algorithm>
#include <cstddef>

#include "base/ascii.h"
#include "base/take.h"

namespace fas {

namespace {

using std::chrono::seconds;

// One to three digits.
std::optional<int> take_number(std::string_view& text, int min, int max) {
    int number = 0;
    std::size_t digits = 0;
    while (digits < text.size() && digits < 3 && is_digit(text[digits])) {
        number = number * 10 + (text[digits] - '0');
        ++digits;
    }
    if (digits == 0 || number < min || number > max) return std::nullopt;
    text.remove_prefix(digits);
    return number;
}

// "CET", or "<+03>" for names with other characters than letters.
bool take_name(std::string_view& text) {
    const bool quoted = take(text, '<');
    const auto in_name = [quoted](char c) {
        return is_letter(c) || (quoted && (is_digit(c) || c == '+' || c == '-'));
    };
    const auto end = std::ranges::find_if_not(text, in_name);
    const auto length = static_cast<std::size_t>(end - text.begin());
    if (length < 3) return false;
    text.remove_prefix(length);
    return !quoted || take(text, '>');
}

// "[+-]hh[:mm[:ss]]".
std::optional<seconds> take_time(std::string_view& text, int hours_max) {
    const bool negative = take(text, '-');
    if (!negative) take(text, '+');
    const auto hours = take_number(text, 0, hours_max);
    if (!hours) return std::nullopt;
    std::optional<int> minutes = 0;
    std::optional<int> rest = 0;
    if (take(text, ':')) {
        minutes = take_number(text, 0, 59);
        if (minutes && take(text, ':')) rest = take_number(text, 0, 59);
    }
    if (!minutes || !rest) return std::nullopt;
    const seconds time{(*hours * 60 + *minutes) * 60 + *rest};
    return negative ? -time : time;
}

// What is west of Greenwich has a positive sign here.
std::optional<seconds> take_offset(std::string_view& text) {
    const auto west = take_time(text, 24);
    if (!west) return std::nullopt;
    return -*west;
}

std::optional<PosixZoneRule::Change> take_day(std::string_view& text) {
    using Kind = PosixZoneRule::Change::Kind;
    if (take(text, 'M')) {
        const auto month = take_number(text, 1, 12);
        if (!month || !take(text, '.')) return std::nullopt;
        const auto week = take_number(text, 1, 5);
        if (!week || !take(text, '.')) return std::nullopt;
        const auto day = take_number(text, 0, 6);
        if (!day) return std::nullopt;
        return PosixZoneRule::Change{Kind::weekday_of_month, *month, *week, *day};
    }
    const bool without_leap_day = take(text, 'J');
    const auto day = take_number(text, without_leap_day ? 1 : 0, 365);
    if (!day) return std::nullopt;
    return PosixZoneRule::Change{without_leap_day ? Kind::day_without_leap_day : Kind::day, 0, 0,
                                 *day};
}

std::optional<PosixZoneRule::Change> take_change(std::string_view& text) {
    if (!take(text, ',')) return std::nullopt;
    auto change = take_day(text);
    if (!change || !take(text, '/')) return change;
    const auto time = take_time(text, 167);
    if (!time) return std::nullopt;
    change->time = *time;
    return change;
}

}  // namespace

std::optional<PosixZoneRule> parse_posix_zone_rule(std::string_view text) {
    PosixZoneRule rule;
    if (!take_name(text)) return std::nullopt;
    const auto offset = take_offset(text);
    if (!offset) return std::nullopt;
    rule.offset = *offset;
    if (text.empty()) return rule;

    if (!take_name(text)) return std::nullopt;
    PosixZoneRule::Summer summer{.offset = rule.offset + std::chrono::hours{1}};
    if (!text.empty() && text.front() != ',') {
        const auto given = take_offset(text);
        if (!given) return std::nullopt;
        summer.offset = *given;
    }
    const auto begins = take_change(text);
    if (!begins) return std::nullopt;
    const auto ends = take_change(text);
    if (!ends || !text.empty()) return std::nullopt;
    summer.begins = *begins;
    summer.ends = *ends;
    rule.summer = summer;
    return rule;
}

std::chrono::local_seconds local_time_of(const PosixZoneRule::Change& change,
                                         std::chrono::year year) {
    using namespace std::chrono;
    using Kind = PosixZoneRule::Change::Kind;
    if (change.kind == Kind::weekday_of_month) {
        const year_month in{year, month{static_cast<unsigned>(change.month)}};
        const weekday day{static_cast<unsigned>(change.day)};
        const local_days date = change.week == 5
                                    ? local_days{in / day[last]}
                                    : local_days{in / day[static_cast<unsigned>(change.week)]};
        return date + change.time;
    }
    days from_first{change.day};
    if (change.kind == Kind::day_without_leap_day) {
        const bool after_leap_day = year.is_leap() && change.day >= 60;
        from_first = days{change.day - (after_leap_day ? 0 : 1)};
    }
    return local_days{year / January / 1} + from_first + change.time;
}

}  // namespace fas
