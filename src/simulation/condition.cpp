#include "simulation/condition.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <vector>

#include "base/control_characters.h"
#include "base/duration.h"
#include "base/excerpt.h"
#include "base/nearest_name.h"
#include "base/parse_number.h"
#include "base/trim.h"

namespace fas::simulation {

namespace {

enum class FigureUnit { time, share, number };

struct Figure {
    std::string_view name;
    FigureUnit unit;
    double (*of)(const Summary&);
};

constexpr std::array known_figures{
    Figure{"mean_wait", FigureUnit::time, [](const Summary& s) { return s.wait_mean.count(); }},
    Figure{"p50_wait", FigureUnit::time, [](const Summary& s) { return s.wait_p50.count(); }},
    Figure{"p95_wait", FigureUnit::time, [](const Summary& s) { return s.wait_p95.count(); }},
    Figure{"p99_wait", FigureUnit::time, [](const Summary& s) { return s.wait_p99.count(); }},
    Figure{"max_wait", FigureUnit::time, [](const Summary& s) { return s.wait_max.count(); }},
    Figure{"over_limit", FigureUnit::share, [](const Summary& s) { return s.over_limit; }},
    Figure{"killed", FigureUnit::share, [](const Summary& s) { return s.killed; }},
    Figure{"task_hours", FigureUnit::number, [](const Summary& s) { return s.task_hours; }},
    Figure{"cost", FigureUnit::number, [](const Summary& s) { return s.cost; }},
    Figure{"cost_ratio", FigureUnit::number, [](const Summary& s) { return s.cost_ratio; }},
    Figure{"changes_a_day", FigureUnit::number, [](const Summary& s) { return s.changes_a_day; }},
};

Error no_condition(std::string message) {
    return make_error(ErrorKind::invalid, "BadCondition", std::move(message));
}

std::optional<double> parse_limit(std::string_view text, FigureUnit unit) {
    if (unit == FigureUnit::time) {
        const auto time = parse_duration(text);
        return time ? std::optional{time->count()} : std::nullopt;
    }
    const bool percent = unit == FigureUnit::share && text.ends_with('%');
    if (percent) text = trim(text.substr(0, text.size() - 1), " ");
    const auto number = parse_number<double>(text);
    if (!number || !std::isfinite(*number) || *number < 0) return std::nullopt;
    return percent ? *number / 100 : *number;
}

std::string_view must_be(FigureUnit unit) {
    switch (unit) {
        case FigureUnit::time: return "a time like 60s";
        case FigureUnit::share: return "a share like 0.01 or 1%";
        case FigureUnit::number: break;
    }
    return "a number of at least 0";
}

Error no_such_figure(std::string_view name) {
    std::vector<std::string_view> names;
    names.reserve(known_figures.size());
    for (const Figure& figure : known_figures) names.push_back(figure.name);
    const auto nearest = nearest_name(name, names);
    const std::string shown{escaped(excerpt(name, 40))};
    if (nearest)
        return no_condition(
            fmt::format("there is no figure {}, did you mean {}?", shown, *nearest));
    return no_condition(
        fmt::format("there is no figure {}; there are {}", shown, fmt::join(names, ", ")));
}

}  // namespace

bool Condition::holds_for(const Summary& summary) const {
    const double value = figure(summary);
    if (or_equal && value == limit) return true;
    return above ? value > limit : value < limit;
}

Result<Condition> parse_condition(std::string_view text) {
    const std::size_t sign = text.find_first_of("<>");
    if (sign == std::string_view::npos) {
        return no_condition(fmt::format("{} is no condition; it must be like 'p95_wait > 60s'",
                                        escaped(excerpt(text, 60))));
    }
    const std::string_view name = trim(text.substr(0, sign), " ");
    const auto* const figure = std::ranges::find(known_figures, name, &Figure::name);
    if (figure == known_figures.end()) return no_such_figure(name);
    Condition condition{.figure = figure->of,
                        .above = text[sign] == '>',
                        .or_equal = text.substr(sign + 1).starts_with('='),
                        .limit = 0,
                        .text = std::string{trim(text, " ")}};
    const std::string_view limit = trim(text.substr(sign + (condition.or_equal ? 2 : 1)), " ");
    const auto parsed = parse_limit(limit, figure->unit);
    if (!parsed) {
        return no_condition(fmt::format("{} is no limit for {}; it must be {}",
                                        escaped(excerpt(limit, 40)), name, must_be(figure->unit)));
    }
    condition.limit = *parsed;
    return condition;
}

}  // namespace fas::simulation
