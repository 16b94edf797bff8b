#include "simulation/axis.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "simulation/figures.h"

namespace fas::simulation {

namespace {

constexpr double values_ticks = 4;   // at most, about
constexpr double moments_ticks = 9;  // likewise
constexpr double a_day = 86400;

std::string value_text(double value, Unit unit) {
    switch (unit) {
        case Unit::count: return number_text(value);
        case Unit::seconds: return duration_text(Seconds{value});
        case Unit::dollars: return money_text(value);
    }
    return {};
}

// The least of 1, 2 and 5 times a power of ten that is no less.
double round_step(double least) {
    const double power = std::pow(10, std::floor(std::log10(least)));
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (factor * power >= least * (1 - 1e-9)) return factor * power;
    }
    return 10 * power;
}

// The same for times, by minutes, hours and days.
double round_time_step(double least) {
    constexpr std::array steps{60.0,    120.0,     300.0,     600.0,     900.0,
                               1800.0,  3600.0,    7200.0,    10800.0,   21600.0,
                               43200.0, 1 * a_day, 2 * a_day, 7 * a_day, 14 * a_day};
    if (least <= 30) return round_step(least) == 50 ? 60 : round_step(least);
    for (const double step : steps) {
        if (step >= least) return step;
    }
    return a_day * round_step(least / a_day);
}

double step_of(double range, double ticks, Unit unit) {
    if (unit == Unit::seconds) return round_time_step(range / ticks);
    const double step = round_step(range / ticks);
    return unit == Unit::count ? std::max(step, 1.0) : step;
}

bool wants_logarithm(std::vector<double> values, double high) {
    std::erase_if(values, [](double value) { return value <= 0; });
    if (values.empty() || high < 20) return false;
    const auto low_quarter = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 4);
    std::ranges::nth_element(values, low_quarter);
    return *low_quarter < high / 20;
}

void add_even_ticks(Axis& axis, Unit unit) {
    const double step = step_of(axis.high - axis.low, values_ticks, unit);
    const double first = std::ceil(axis.low / step - 1e-9) * step;
    for (int i = 0; first + i * step <= axis.high * (1 + 1e-9); ++i) {
        axis.ticks.push_back({first + i * step, value_text(first + i * step, unit)});
    }
}

// To the next power, where it is near.
void add_powers(Axis& axis, Unit unit) {
    const std::vector<double> powers =
        unit == Unit::seconds
            ? std::vector<double>{1, 10, 60, 600, 3600, 36000, 10 * a_day, 100 * a_day}
            : std::vector<double>{1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8};
    axis.ticks.push_back({0, value_text(0, unit)});
    for (const double power : powers) {
        if (power < axis.high * 2) axis.ticks.push_back({power, value_text(power, unit)});
    }
    axis.high = std::max(axis.high, axis.ticks.back().value);
}

double greatest_of(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 1.0,
                           [](double one, double other) { return std::max(one, other); });
}

constexpr double room_above = 1.05;

bool is_a_date(TimePoint start) { return start != TimePoint{}; }

std::string clock_text(TimePoint time) { return to_iso8601(time).substr(11, 5); }

// "1 Mar"
std::string date_text(TimePoint time) {
    constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(time)};
    return fmt::format("{} {}", static_cast<unsigned>(date.day()),
                       months[static_cast<unsigned>(date.month()) - 1]);
}

TimePoint point_at(TimePoint start, double seconds) {
    return start + std::chrono::round<std::chrono::microseconds>(Seconds{seconds});
}

}  // namespace

double Axis::share(double value) const {
    if (logarithmic) {
        return (std::log1p(value) - std::log1p(low)) / (std::log1p(high) - std::log1p(low));
    }
    return (value - low) / (high - low);
}

Axis linear_axis_of(const std::vector<double>& values, Unit unit) {
    Axis axis{.high = greatest_of(values)};
    add_even_ticks(axis, unit);
    axis.high *= room_above;
    return axis;
}

Axis axis_of(const std::vector<double>& values, Unit unit) {
    Axis axis{.high = greatest_of(values), .logarithmic = true};
    if (!wants_logarithm(values, axis.high)) return linear_axis_of(values, unit);
    add_powers(axis, unit);
    axis.high *= room_above;
    return axis;
}

Axis close_axis_of(const std::vector<double>& values, Unit unit) {
    if (values.empty()) return linear_axis_of(values, unit);
    const auto [least, greatest] = std::ranges::minmax(values);
    const double room = std::max((greatest - least) * 0.08, greatest * 0.01 + 1e-6);
    Axis axis{.low = std::max(0.0, least - room), .high = greatest + room};
    add_even_ticks(axis, unit);
    return axis;
}

Axis time_axis(TimePoint start, Seconds length) {
    Axis axis{.high = std::max(length.count(), 1.0)};
    const double step = round_time_step(axis.high / moments_ticks);
    const double since_midnight = std::fmod(to_epoch_seconds(start), a_day);
    const double first = std::ceil(since_midnight / step) * step - since_midnight;
    for (double at = first; at <= axis.high; at += step) {
        if (!is_a_date(start)) {
            axis.ticks.push_back({at, at == 0 ? "start" : duration_text(Seconds{at})});
            continue;
        }
        const std::string clock = clock_text(point_at(start, at));
        const bool midnight = clock == "00:00" && axis.high >= a_day;
        axis.ticks.push_back({at, midnight ? date_text(point_at(start, at)) : clock});
    }
    return axis;
}

std::string moment_text(TimePoint start, Seconds length, Seconds moment) {
    if (!is_a_date(start)) return duration_text(moment);
    const TimePoint point = point_at(start, moment.count());
    const std::string clock = to_iso8601(point).substr(11, 8);
    return length.count() > a_day ? date_text(point) + ' ' + clock : clock;
}

}  // namespace fas::simulation
