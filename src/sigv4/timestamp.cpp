#include "sigv4/timestamp.h"

#include <chrono>
#include <cstdlib>

namespace fas::sigv4 {
namespace {

// Writes the last `digits` digits of `number` and returns the place behind them.
char* write_digits(char* out, int digits, unsigned number) {
    for (char* digit = out + digits; digit != out; number /= 10) {
        *--digit = static_cast<char>('0' + number % 10);
    }
    return out + digits;
}

unsigned digits_of(std::chrono::year year) {
    return static_cast<unsigned>(std::abs(static_cast<int>(year)));
}

}  // namespace

Timestamp::Timestamp(TimePoint time) {
    // Whole seconds first: the first day of TimePoint's range does not begin within it.
    const auto second = std::chrono::floor<std::chrono::seconds>(time);
    const auto day = std::chrono::floor<std::chrono::days>(second);
    const std::chrono::year_month_day date(day);
    const auto second_of_day = static_cast<unsigned>((second - day).count());

    char* out = text_.data();
    out = write_digits(out, 4, digits_of(date.year()));
    out = write_digits(out, 2, static_cast<unsigned>(date.month()));
    out = write_digits(out, 2, static_cast<unsigned>(date.day()));
    *out++ = 'T';
    out = write_digits(out, 2, second_of_day / 3600);
    out = write_digits(out, 2, second_of_day / 60 % 60);
    out = write_digits(out, 2, second_of_day % 60);
    *out = 'Z';
}

}  // namespace fas::sigv4
