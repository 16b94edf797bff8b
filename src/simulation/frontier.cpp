#include "simulation/frontier.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/control_characters.h"
#include "base/json_writer.h"
#include "simulation/chart.h"
#include "simulation/figures.h"
#include "simulation/html.h"

namespace fas::simulation {

namespace {

// Calls with each point and its line.
template <class Do>
void each_point(const Frontier& frontier, Do act) {
    for (const FrontierLine& line : frontier.lines) {
        for (const FrontierPoint& point : line.points) act(line, point);
    }
}

std::string point_text(const FrontierLine& line, const FrontierPoint& point) {
    return fmt::format("{}, {}: p99 of the waits {} for {}", line.name, point.value,
                       duration_text(point.wait_p99), money_text(point.cost));
}

Chart frontier_chart(const Frontier& frontier) {
    Chart chart{.says = fmt::format("Cost against wait at each {}.", frontier.key), .height = 420};
    std::vector<double> costs;
    std::vector<double> waits;
    std::size_t styles = 0;
    for (const FrontierLine& line : frontier.lines) {
        Series series{.style = fmt::format("c{}", styles++ % chart_styles)};
        for (const FrontierPoint& point : line.points) {
            const Point place{point.cost, point.wait_p99.count()};
            costs.push_back(place.across);
            waits.push_back(place.up);
            series.points.push_back(place);
            chart.says += fmt::format(" {}.", point_text(line, point));
            chart.dots.push_back({.style = series.style,
                                  .point = place,
                                  .large = true,
                                  .text = point_text(line, point),
                                  .label = point.value});
        }
        if (!line.points.empty()) chart.dots.back().label.insert(0, line.name + ' ');
        chart.series.push_back(std::move(series));
    }
    chart.across = close_axis_of(costs, Unit::dollars);
    chart.up = axis_of(waits, Unit::seconds);
    chart.up.high *= 1.2;  // for the highest label
    return chart;
}

}  // namespace

std::string frontier_table(const Frontier& frontier) {
    std::size_t name_width = 0;
    std::size_t value_width = escaped(frontier.key).size();
    each_point(frontier, [&](const FrontierLine& line, const FrontierPoint& point) {
        name_width = std::max(name_width, escaped(line.name).size());
        value_width = std::max(value_width, escaped(point.value).size());
    });
    std::string text = fmt::format("{:<{}}  {:>{}}  {:>10}  {:>10}\n", "", name_width,
                                   escaped(frontier.key), value_width, "cost", "p99");
    each_point(frontier, [&](const FrontierLine& line, const FrontierPoint& point) {
        const bool first = &point == &line.points.front();
        text += fmt::format("{:<{}}  {:>{}}  {:>10}  {:>10}\n", first ? escaped(line.name) : "",
                            name_width, escaped(point.value), value_width, money_text(point.cost),
                            duration_text(point.wait_p99));
    });
    return text;
}

std::string frontier_json(const Frontier& frontier) {
    JsonWriter json;
    json.begin_object().member("sweep", frontier.key).key("lines").begin_array();
    for (const FrontierLine& line : frontier.lines) {
        json.begin_object().member("name", line.name).key("points").begin_array();
        for (const FrontierPoint& point : line.points) {
            json.begin_object()
                .member("value", point.value)
                .member("cost_dollars", point.cost)
                .member("wait_p99_seconds", point.wait_p99.count())
                .end_object();
        }
        json.end_array().end_object();
    }
    json.end_array().end_object();
    return json.take();
}

std::string frontier_section(const Frontier& frontier) {
    std::string rows;
    each_point(frontier, [&rows](const FrontierLine& line, const FrontierPoint& point) {
        rows += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                            html_escape(line.name), html_escape(point.value),
                            money_text(point.cost), duration_text(point.wait_p99));
    });
    const Chart chart = frontier_chart(frontier);
    return fmt::format(
        "<section><h2>By {0}</h2><figure><figcaption>Up: p99 of the waits{1}. "
        "Across: the cost. Lower and further left is better.</figcaption>\n"
        "<div class=\"wide\">{2}</div></figure>\n<div class=\"wide\"><table><thead><tr><th></th>"
        "<th scope=\"col\">{0}</th><th scope=\"col\">cost</th><th scope=\"col\">p99</th></tr>"
        "</thead>\n<tbody>\n{3}</tbody></table></div></section>\n",
        html_escape(frontier.key), chart.up.logarithmic ? ", on a logarithmic scale" : "",
        svg_of(chart), rows);
}

std::string frontier_page(const Frontier& frontier) {
    return html_document("Cost against wait, by " + frontier.key,
                         "<h1>Cost against wait</h1>\n" + frontier_section(frontier));
}

}  // namespace fas::simulation
