#include "simulation/chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ranges>

#include "simulation/html.h"

namespace fas::simulation {

namespace {

// Coordinates are whole halves of a pixel: short to write, and finer than one sees.
constexpr int to_halves = 2;
constexpr int all_across = chart_width * to_halves;
constexpr int left_margin = 124;
constexpr int right_margin = 44;
constexpr int top_margin = 16;
constexpr int bottom_margin = 44;

struct Place {
    int x = 0;
    int y = 0;
};

class Drawing {
  public:
    explicit Drawing(const Chart& chart)
        : chart_(chart), height_(static_cast<int>(chart.height) * to_halves) {}

    std::string text() const {
        std::string text =
            fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">\n", all_across,
                        height_, html_escape(chart_.says));
        text += grid();
        for (const Series& series : std::views::reverse(chart_.series)) text += path(series);
        for (const Dot& dot : std::views::reverse(chart_.dots)) text += circle(dot);
        return text + "</svg>\n";
    }

  private:
    int floor() const { return height_ - bottom_margin; }

    Place place(Point point) const {
        const auto between = [](double share, int from, int to) {
            return static_cast<int>(std::lround(from + std::clamp(share, 0.0, 1.0) * (to - from)));
        };
        return {between(chart_.across.share(point.across), left_margin, all_across - right_margin),
                between(chart_.up.share(point.up), floor(), top_margin)};
    }

    std::string grid() const {
        std::string text = "<g class=\"grid\">";
        for (const Tick& tick : chart_.up.ticks) {
            const int y = place({chart_.across.low, tick.value}).y;
            text += fmt::format("<path d=\"M{} {}H{}\"/><text x=\"{}\" y=\"{}\">{}</text>",
                                left_margin, y, all_across - right_margin, left_margin - 12, y + 8,
                                html_escape(tick.text));
        }
        text += "</g>\n<g class=\"moments\">";
        for (const Tick& tick : chart_.across.ticks) {
            const int x = place({tick.value, chart_.up.low}).x;
            text += fmt::format("<path d=\"M{} {}v8\"/><text x=\"{}\" y=\"{}\">{}</text>", x,
                                floor(), x, floor() + 34, html_escape(tick.text));
        }
        return text + "</g>\n";
    }

    std::string path(const Series& series) const {
        if (series.points.empty()) return {};
        const bool stepped = series.stroke != Stroke::line;
        Place at = place(series.points.front());
        std::string moves = fmt::format("M{} {}", at.x, at.y);
        if (series.stroke == Stroke::area) moves = fmt::format("M{} {}V{}", at.x, floor(), at.y);
        int level = 0;  // still to go, at one height
        for (const Point& point : series.points | std::views::drop(1)) {
            const Place next = place(point);
            level += stepped || next.y == at.y ? next.x - at.x : 0;
            if (next.y != at.y) {
                if (level != 0) moves += fmt::format("h{}", level);
                level = 0;
                moves += stepped ? fmt::format("v{}", next.y - at.y)
                                 : fmt::format("l{} {}", next.x - at.x, next.y - at.y);
            }
            at = next;
        }
        if (level != 0) moves += fmt::format("h{}", level);
        if (series.stroke == Stroke::area) moves += fmt::format("V{}z", floor());
        return fmt::format("<path class=\"{} {}\" d=\"{}\"/>\n", series.style,
                           series.stroke == Stroke::area ? "area" : "line", moves);
    }

    std::string circle(const Dot& dot) const {
        const Place at = place(dot.point);
        const std::string label = dot.label.empty() ? "" : label_at(at, dot.label);
        return fmt::format(
            "<g class=\"{}\"><circle class=\"{}\" cx=\"{}\" cy=\"{}\" r=\"{}\"><title>{}</title>"
            "</circle>{}</g>\n",
            dot.style, dot.hollow ? "in" : "out", at.x, at.y, dot.large ? 7 : 5,
            html_escape(dot.text), label);
    }

    // To the right of its place, but for the last fifth of the chart.
    static std::string label_at(Place at, const std::string& label) {
        const bool leftward = at.x > all_across * 4 / 5;
        return fmt::format("<text x=\"{}\" y=\"{}\" class=\"label{}\">{}</text>",
                           at.x + (leftward ? -12 : 12), at.y - 10, leftward ? " leftward" : "",
                           html_escape(label));
    }

    const Chart& chart_;
    int height_;
};

}  // namespace

std::string svg_of(const Chart& chart) { return Drawing{chart}.text(); }

}  // namespace fas::simulation
