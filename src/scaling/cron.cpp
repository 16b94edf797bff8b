#include "scaling/cron.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <span>
#include <utility>
#include <vector>

#include "base/excerpt.h"
#include "base/trim.h"

namespace fas::scaling {

namespace {

constexpr std::size_t text_bytes_max = 256;
constexpr std::size_t shown_item_bytes_max = 40;
constexpr int years_searched = 41;  // from one 29th of February that is a Sunday to the next

constexpr std::array<std::string_view, 12> month_names{"jan", "feb", "mar", "apr", "may", "jun",
                                                       "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> weekday_names{"sun", "mon", "tue", "wed",
                                                        "thu", "fri", "sat"};

struct Field {
    std::string_view name;
    unsigned min;
    unsigned max;
    std::span<const std::string_view> names;  // of the numbers from min on
};

constexpr std::array fields{
    Field{"minute", 0, 59, {}},
    Field{"hour", 0, 23, {}},
    Field{"day of the month", 1, 31, {}},
    Field{"month", 1, 12, month_names},
    Field{"day of the week", 0, 7, weekday_names},
};

constexpr std::array<std::pair<std::string_view, std::string_view>, 7> nicknames{{
    {"@yearly", "0 0 1 1 *"},
    {"@annually", "0 0 1 1 *"},
    {"@monthly", "0 0 1 * *"},
    {"@weekly", "0 0 * * 0"},
    {"@daily", "0 0 * * *"},
    {"@midnight", "0 0 * * *"},
    {"@hourly", "0 * * * *"},
}};

std::vector<std::string_view> words_of(std::string_view text, std::string_view separators) {
    std::vector<std::string_view> words;
    while (true) {
        text = text.substr(std::min(text.find_first_not_of(separators), text.size()));
        if (text.empty()) return words;
        words.push_back(text.substr(0, text.find_first_of(separators)));
        text.remove_prefix(words.back().size());
    }
}

bool same_word(std::string_view text, std::string_view lower_case) {
    return std::ranges::equal(text, lower_case, [](char a, char b) {
        return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
    });
}

std::optional<unsigned> whole_number(std::string_view text) {
    if (text.empty() || text.size() > 4) return std::nullopt;
    unsigned number = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        number = number * 10 + static_cast<unsigned>(c - '0');
    }
    return number;
}

// A number within the field's, or a name for one.
std::optional<unsigned> value_of(std::string_view text, const Field& field) {
    for (std::size_t i = 0; i < field.names.size(); ++i) {
        if (same_word(text, field.names[i])) return field.min + static_cast<unsigned>(i);
    }
    const auto number = whole_number(text);
    if (!number || *number < field.min || *number > field.max) return std::nullopt;
    return number;
}

std::string refused(std::string_view item, const Field& field, std::string_view why) {
    return fmt::format("\"{}\" is no {}: {}", excerpt(item, shown_item_bytes_max), field.name, why);
}

std::string accepted_by(const Field& field) {
    if (field.names.empty()) return fmt::format("accepted are {} to {}", field.min, field.max);
    return fmt::format("accepted are {} to {}, and {} to {}", field.min, field.max,
                       field.names.front(), field.names.back());
}

struct Range {
    unsigned from;
    unsigned to;
};

std::optional<Range> parse_range(std::string_view item, std::string_view text, const Field& field,
                                 std::string* problem) {
    if (text == "*") return Range{field.min, field.max};
    const auto dash = text.find('-');
    const auto from = value_of(text.substr(0, dash), field);
    auto to = dash == std::string_view::npos ? from : value_of(text.substr(dash + 1), field);
    if (!from || !to) {
        *problem = refused(item, field, accepted_by(field));
        return std::nullopt;
    }
    const bool until_sunday = field.max == 7 && *to == 0 && *from > 0;
    if (until_sunday) to = 7;
    if (*from > *to) {
        *problem = refused(item, field,
                           fmt::format("it ends before it begins; write it as two, {}-{},{}-{}",
                                       *from, field.max == 7 ? 6 : field.max, field.min, *to));
        return std::nullopt;
    }
    return Range{*from, *to};
}

// The bits of "5", "1-5", "*/15" or "0-30/10".
std::optional<std::uint64_t> parse_item(std::string_view item, const Field& field,
                                        std::string* problem) {
    const auto slash = item.find('/');
    const std::string_view text = item.substr(0, slash);
    const auto range = parse_range(item, text, field, problem);
    if (!range) return std::nullopt;
    unsigned step = 1;
    if (slash != std::string_view::npos) {
        const auto given = whole_number(item.substr(slash + 1));
        if (!given || *given == 0) {
            *problem = refused(item, field, "after the / stands how many are one step, from 1");
            return std::nullopt;
        }
        if (text != "*" && text.find('-') == std::string_view::npos) {
            *problem = refused(
                item, field,
                fmt::format("a step is one of a range; write {}-{}/{}", text, field.max, *given));
            return std::nullopt;
        }
        step = *given;
    }
    std::uint64_t bits = 0;
    for (unsigned number = range->from; number <= range->to; number += step) {
        bits |= std::uint64_t{1} << number;
    }
    return bits;
}

std::optional<std::uint64_t> parse_field(std::string_view text, const Field& field,
                                         std::string* problem) {
    std::uint64_t bits = 0;
    while (true) {
        const auto comma = text.find(',');
        const auto item = parse_item(text.substr(0, comma), field, problem);
        if (!item) return std::nullopt;
        bits |= *item;
        if (comma == std::string_view::npos) return bits;
        text.remove_prefix(comma + 1);
    }
}

bool has(std::uint64_t bits, unsigned number) { return (bits >> number & 1U) != 0; }

// The highest number up to `until`.
std::optional<unsigned> highest(std::uint64_t bits, unsigned until) {
    const std::uint64_t low = bits & (~std::uint64_t{0} >> (63U - until));
    if (low == 0) return std::nullopt;
    return 63U - static_cast<unsigned>(std::countl_zero(low));
}

}  // namespace

bool Cron::on_day(unsigned day, unsigned weekday) const {
    const bool by_day = has(days_, day);
    const bool by_weekday = has(weekdays_, weekday);
    return any_day_ || any_weekday_ ? by_day && by_weekday : by_day || by_weekday;
}

// Of a day.
std::optional<std::chrono::minutes> Cron::last_minute(std::chrono::minutes until) const {
    const auto hour_until = static_cast<unsigned>(until.count() / 60);
    const auto minute_until = static_cast<unsigned>(until.count() % 60);
    auto hour = highest(hours_, hour_until);
    if (!hour) return std::nullopt;
    auto minute = highest(minutes_, *hour == hour_until ? minute_until : 59);
    if (!minute) {
        hour = *hour == 0 ? std::nullopt : highest(hours_, *hour - 1);
        minute = highest(minutes_, 59);
    }
    if (!hour || !minute) return std::nullopt;
    return std::chrono::hours{*hour} + std::chrono::minutes{*minute};
}

std::optional<LocalSeconds> Cron::last_until(LocalSeconds time) const {
    using namespace std::chrono;
    const local_days today = floor<days>(time);
    year_month month = year_month_day{today}.year() / year_month_day{today}.month();
    minutes until = floor<minutes>(time - today);
    local_days day = today;
    for (int i = 0; i <= years_searched * 12; ++i) {
        const local_days first{month / 1};
        if (has(months_, static_cast<unsigned>(month.month()))) {
            for (; day >= first; day -= days{1}, until = minutes{24 * 60 - 1}) {
                const auto number = static_cast<unsigned>((day - first).count() + 1);
                if (!on_day(number, weekday{day}.c_encoding())) continue;
                if (const auto found = last_minute(until)) return day + *found;
            }
        }
        until = minutes{24 * 60 - 1};
        day = first - days{1};
        month -= months{1};
    }
    return std::nullopt;
}

std::optional<Cron> parse_cron(std::string_view text, std::string* problem) {
    const std::string_view trimmed = trim(text, " \t");
    if (trimmed.size() > text_bytes_max) {
        *problem = fmt::format("it is longer than {} bytes", text_bytes_max);
        return std::nullopt;
    }
    const auto foreign = [](char c) { return c != '\t' && (c < ' ' || c > '~'); };
    if (std::ranges::any_of(trimmed, foreign)) {
        *problem = "it holds a character that no expression has";
        return std::nullopt;
    }
    std::string_view expression = trimmed;
    for (const auto& [nickname, meaning] : nicknames) {
        if (same_word(trimmed, nickname)) expression = meaning;
    }
    const std::vector<std::string_view> words = words_of(expression, " \t");
    if (words.size() != fields.size()) {
        *problem = fmt::format(
            "it has {} fields, not five: minute, hour, day of the month, month, day of the week",
            words.size());
        return std::nullopt;
    }
    Cron cron;
    cron.text_ = trimmed;
    cron.any_day_ = words[2].starts_with('*');
    cron.any_weekday_ = words[4].starts_with('*');
    const std::array bits{&cron.minutes_, &cron.hours_, &cron.days_, &cron.months_,
                          &cron.weekdays_};
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const auto field = parse_field(words[i], fields[i], problem);
        if (!field) return std::nullopt;
        *bits[i] = *field;
    }
    if (has(cron.weekdays_, 7)) cron.weekdays_ |= 1U;
    // Every kind of year is among the 41 until then.
    constexpr std::chrono::local_days last_day{std::chrono::year{2099} / 12 / 31};
    if (!cron.last_until(last_day)) {
        *problem = "there is no such day in any year";
        return std::nullopt;
    }
    return cron;
}

}  // namespace fas::scaling
