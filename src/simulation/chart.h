// A chart as SVG within HTML.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "simulation/axis.h"

namespace fas::simulation {

struct Point {
    double across = 0;
    double up = 0;
};

enum class Stroke {
    line,   // from point to point
    steps,  // level from each point to the next
    area,   // steps, filled down to 0
};

// Colours and dashes are the style's (page_style.h): "c0", "c1", ... and "limit".
struct Series {
    std::string style;
    Stroke stroke = Stroke::line;
    std::vector<Point> points;
};

struct Dot {
    std::string style;
    Point point;
    bool hollow = false;
    bool large = false;
    std::string text;   // shown when one points at it
    std::string label;  // shown beside it; empty: none
};

struct Chart {
    std::string says;  // what there is to see, for whom who cannot
    Axis across;
    Axis up;
    std::vector<Series> series;  // the first lies on top
    std::vector<Dot> dots;       // above all series
    std::size_t height = 170;    // of the whole, where it is as wide as chart_width
};

inline constexpr std::size_t chart_width = 960;
inline constexpr std::size_t chart_styles = 6;  // "c0" to "c5"

// All texts are escaped here.
std::string svg_of(const Chart& chart);

}  // namespace fas::simulation
