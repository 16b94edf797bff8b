#include "simulation/page_charts.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <vector>

#include "simulation/chart.h"
#include "simulation/figures.h"
#include "simulation/html.h"
#include "simulation/peers/oracle.h"
#include "simulation/thinned_changes.h"
#include "simulation/timelines.h"

namespace fas::simulation {

namespace {

constexpr std::size_t line_points =
    240;                           // of lines that lie over each other, so that one sees them
constexpr double dots_apart = 10;  // pixels
constexpr std::size_t largest_shown = 10;

class Charts {
  public:
    explicit Charts(const Comparison& comparison) : comparison_(comparison) {
        length_ = comparison.world.trace.length();
        for (const Contestant& one : comparison.contestants) {
            length_ = std::max(length_, one.outcome.length);
        }
        across_ = time_axis(comparison.world.trace.start, length_);
    }

    std::string text() const {
        return arrivals() +
               together(
                   "Messages that wait", "The most in each stretch of time", Unit::count,
                   [](const Stretch& one) { return static_cast<double>(one.most_visible.value); }) +
               together("The longest waits",
                        "Of the messages that a task took in hand in each stretch of time",
                        Unit::seconds,
                        [](const Stretch& one) { return one.longest_wait.count(); }) +
               tasks();
    }

  private:
    const std::vector<Contestant>& contestants() const { return comparison_.contestants; }
    std::string class_of(std::size_t index) const {
        return fmt::format("of{} {}", index, style_of(comparison_, contestants()[index]));
    }
    std::string moment(Seconds at) const {
        return moment_text(comparison_.world.trace.start, length_, at);
    }

    std::string arrivals() const;
    std::string together(std::string_view title, std::string_view caption, Unit unit,
                         const Value& value) const;
    std::string tasks() const;
    std::string tasks_of(std::size_t index, const Axis& up) const;
    std::vector<Dot> dots_of(std::size_t index) const;
    std::string largest_changes(const Outcome& outcome) const;

    const Comparison& comparison_;
    Seconds length_{0};
    Axis across_;
};

std::vector<double> ups_of(const std::vector<Series>& all) {
    std::vector<double> ups;
    for (const Series& one : all) {
        for (const Point& point : one.points) ups.push_back(point.up);
    }
    return ups;
}

std::string section(std::string_view title, std::string_view caption, const Chart& chart) {
    return fmt::format(
        "<section><h2>{}</h2><figure><figcaption>{}{}</figcaption>\n<div class=\"wide\">{}</div>"
        "</figure></section>\n",
        title, caption, chart.up.logarithmic ? "; the scale is logarithmic" : "", svg_of(chart));
}

std::string Charts::arrivals() const {
    const std::vector<Series> series{{.style = "limit",
                                      .stroke = Stroke::area,
                                      .points = arrival_rates(comparison_.world.trace)}};
    const std::vector<double> rates = ups_of(series);
    const Axis up = linear_axis_of(rates, Unit::count);
    const double highest = rates.empty() ? 0 : std::ranges::max(rates);
    const Chart chart{.says = fmt::format("Arrivals over time, up to {} messages a second.",
                                          number_text(highest)),
                      .across = across_,
                      .up = up,
                      .series = series,
                      .height = 110};
    const bool by_the_clock = comparison_.world.trace.start != TimePoint{};
    return section("Messages that came",
                   fmt::format("Each second, on average over {}{}",
                               duration_text(arrivals_stretch(comparison_.world.trace)),
                               by_the_clock ? "; times are UTC" : ""),
                   chart);
}

// "staffing: up to 40 at 12:30"
std::string highest(const std::vector<Point>& points,
                    const std::function<std::string(const Point&)>& text) {
    if (points.empty()) return "nothing";
    return text(*std::ranges::max_element(points, {}, &Point::up));
}

std::string Charts::together(std::string_view title, std::string_view caption, Unit unit,
                             const Value& value) const {
    Chart chart{.says = fmt::format("{} over time.", title), .across = across_, .height = 260};
    for (std::size_t i = 0; i < contestants().size(); ++i) {
        Series series{.style = class_of(i),
                      .stroke = Stroke::line,
                      .points = points_of(contestants()[i].outcome, line_points, value)};
        chart.says += fmt::format(" {}: ", contestants()[i].name);
        chart.says += highest(series.points, [&](const Point& point) {
            return fmt::format(
                "at most {}, at {}.",
                unit == Unit::seconds ? duration_text(Seconds{point.up}) : count_text(point.up),
                moment(Seconds{point.across}));
        });
        chart.series.push_back(std::move(series));
    }
    chart.up = axis_of(ups_of(chart.series), unit);
    return section(title, caption, chart);
}

std::string Charts::tasks() const {
    std::vector<double> ups;
    for (const Contestant& one : contestants()) {
        for (const Point& point : most_desired(one.outcome)) ups.push_back(point.up);
    }
    const Axis up = linear_axis_of(ups, Unit::count);
    std::string text =
        "<section class=\"tasks\"><h2>Tasks</h2><p class=\"soft\">The line is the most that was "
        "asked for, the area what ran. Each dot is a change: filled where tasks were added, hollow "
        "where they were taken away, larger where it stands for several. Point at one for its "
        "reason.</p>\n";
    for (std::size_t i = 0; i < contestants().size(); ++i) text += tasks_of(i, up);
    return text + "</section>\n";
}

std::string Charts::tasks_of(std::size_t index, const Axis& up) const {
    const Contestant& one = contestants()[index];
    const auto running = [](const Stretch& stretch) {
        return static_cast<double>(stretch.running.value);
    };
    Chart chart{.across = across_, .up = up};
    chart.series = {
        {class_of(index), Stroke::steps, most_desired(one.outcome)},
        {class_of(index), Stroke::area, points_of(one.outcome, timeline_points + 1, running)}};
    chart.dots = dots_of(index);
    chart.says =
        fmt::format("Tasks of {} over time: {}, {}.", one.name,
                    highest(chart.series[0].points,
                            [](const Point& point) {
                                return fmt::format("at most {} asked for", count_text(point.up));
                            }),
                    quantity_of_changes(one.outcome.changes.size()));
    const std::string figures = fmt::format(
        "p99 {}, {}, {}{}", duration_text(one.summary.wait_p99), money_text(one.summary.cost),
        quantity_of_changes(one.outcome.changes.size()), one.judged ? "" : "; not judged");
    return fmt::format(
        "<div class=\"of{}\"><h3>{}<span>{}</span></h3>\n<figure><div class=\"wide\">{}</div>"
        "</figure>\n{}</div>\n",
        index, html_escape(one.name), figures, svg_of(chart), largest_changes(one.outcome));
}

std::vector<Dot> Charts::dots_of(std::size_t index) const {
    std::vector<Dot> dots;
    const Seconds near = length_ * (dots_apart / chart_width);
    for (const ChangeGroup& group : thinned(contestants()[index].outcome.changes, near)) {
        const Change& largest = *group.largest;
        std::string text = fmt::format("{}: {}", moment(largest.at), change_text(largest));
        if (group.count > 1) {
            text = fmt::format("{} to {}: {} changes, the largest {}", moment(group.first),
                               moment(group.last), group.count, change_text(largest));
        }
        dots.push_back({.style = class_of(index),
                        .point = {largest.at.count(), static_cast<double>(largest.to.value)},
                        .hollow = largest.to < largest.from,
                        .large = group.count > 1,
                        .text = std::move(text)});
    }
    return dots;
}

std::string Charts::largest_changes(const Outcome& outcome) const {
    if (outcome.changes.empty()) return {};
    std::string rows;
    const std::vector<const Change*> largest = largest_of(outcome.changes, largest_shown);
    for (const Change* one : largest) {
        rows += fmt::format("<tr><td>{}</td><td>{}</td></tr>\n", html_escape(moment(one->at)),
                            html_escape(change_text(*one)));
    }
    const std::string_view summary = largest.size() == outcome.changes.size()
                                         ? "Its changes, with their reasons"
                                         : "Its largest changes, with their reasons";
    return fmt::format(
        "<details><summary>{}</summary><table class=\"words\"><tbody>\n{}</tbody>"
        "</table></details>\n",
        summary, rows);
}

}  // namespace

std::string style_of(const Comparison& comparison, const Contestant& contestant) {
    if (contestant.name == oracle_name) return "limit";
    const auto index = static_cast<std::size_t>(&contestant - comparison.contestants.data());
    return fmt::format("c{}", index % chart_styles);
}

std::string page_charts(const Comparison& comparison) { return Charts{comparison}.text(); }

}  // namespace fas::simulation
