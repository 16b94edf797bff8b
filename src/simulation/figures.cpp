#include "simulation/figures.h"

#include <fmt/format.h>

#include <cmath>

namespace fas::simulation {

namespace {

constexpr double shortest_shown = 0.00051;  // seconds; rounded, it is a millisecond

// "2.1", but "24" and not "24.0".
std::string with_digits(double number, int most) {
    std::string text = fmt::format("{:.{}f}", number, most);
    while (text.ends_with('0')) text.pop_back();
    if (text.ends_with('.')) text.pop_back();
    return text;
}

std::string minutes_text(double seconds) {
    const auto whole = static_cast<int>(std::lround(seconds));
    const int minutes = whole / 60;
    if (whole % 60 == 0 || minutes >= 10) return fmt::format("{} min", std::lround(seconds / 60));
    return fmt::format("{} min {} s", minutes, whole % 60);
}

std::string positive_duration_text(double seconds) {
    if (seconds < shortest_shown) return "0 s";
    if (seconds < 0.095) return fmt::format("{:.0f} ms", seconds * 1000);
    if (seconds < 9.95) return with_digits(seconds, 1) + " s";
    if (seconds < 59.5) return fmt::format("{:.0f} s", seconds);
    if (seconds < 3570) return minutes_text(seconds);
    if (seconds < 2 * 86400) return with_digits(seconds / 3600, 1) + " h";
    return with_digits(seconds / 86400, 1) + " d";
}

}  // namespace

std::string duration_text(Seconds duration) {
    const double seconds = duration.count();
    if (!std::isfinite(seconds)) return "-";
    return fmt::format("{}{}", -seconds >= shortest_shown ? "-" : "",
                       positive_duration_text(std::abs(seconds)));
}

std::string number_text(double number) {
    if (!std::isfinite(number)) return "-";
    const double size = std::abs(number);
    if (size >= 999.5) return count_text(number);
    if (size >= 99.95 || size == 0) return fmt::format("{:.0f}", number);
    if (size >= 9.995) return with_digits(number, 1);
    if (size >= 0.01) return with_digits(number, 2);
    return fmt::format("{:.1g}", number);
}

std::string count_text(double count) {
    if (!std::isfinite(count)) return "-";
    std::string text = fmt::format("{:.0f}", std::abs(count));
    for (std::size_t end = text.size(); end > 3; end -= 3) text.insert(end - 3, 1, ',');
    if (count < 0 && text != "0") text.insert(0, 1, '-');
    return text;
}

std::string money_text(double dollars) {
    if (!std::isfinite(dollars)) return "-";
    if (dollars >= 999.995) return fmt::format("${}", count_text(dollars));
    if (dollars >= 0.995 || dollars == 0) return fmt::format("${:.2f}", dollars);
    return fmt::format("${:.3f}", dollars);
}

std::string share_text(double share) {
    if (!std::isfinite(share)) return "-";
    const double percent = std::abs(share) * 100;
    const std::string_view sign = share < 0 ? "-" : "";
    if (percent == 0) return "0 %";
    if (percent < 0.05) return fmt::format("{}below 0.1 %", share < 0 ? "minus " : "");
    if (percent < 9.95) return fmt::format("{}{} %", sign, with_digits(percent, 1));
    return fmt::format("{}{} %", sign, count_text(percent));
}

}  // namespace fas::simulation
