// The Date header: it has one form, so what is accepted is written as it was read.
#include <fmt/format.h>

#include <array>

#include "base/time.h"
#include "tests/fuzz/fuzz.h"

namespace fas::fuzz::http_date {

namespace {

constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::string after_day_name(TimePoint time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{time - day};
    return fmt::format(", {:02} {} {:04} {:02}:{:02}:{:02} GMT", static_cast<unsigned>(date.day()),
                       months[static_cast<unsigned>(date.month()) - 1],
                       static_cast<int>(date.year()), clock.hours().count(),
                       clock.minutes().count(), clock.seconds().count());
}

}  // namespace

void check(std::string_view input) {
    const auto time = parse_http_date(input);
    if (!time) return;
    require(parse_iso8601(to_iso8601(*time)) == time, "it is a time of ours");
    const bool leap_second = input.ends_with(":60 GMT");  // is the next minute's first
    require(leap_second || input.substr(3) == after_day_name(*time), "it prints as it was read");
}

}  // namespace fas::fuzz::http_date
