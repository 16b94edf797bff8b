#include "simulation/chart.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fas::simulation {
namespace {

using testing::HasSubstr;

Chart flat_chart() {
    return {.says = "what <there> is", .across = {.high = 100}, .up = {.high = 10}, .height = 100};
}

TEST(Chart, SaysWhatThereIsToSee) {
    EXPECT_THAT(svg_of(flat_chart()),
                HasSubstr(R"(role="img" aria-label="what &lt;there&gt; is")"));
}

// In halves of a pixel: 156 is the floor and 16 the top, 124 the left and 1,876 the right.
TEST(Chart, ALineGoesFromPointToPoint) {
    Chart chart = flat_chart();
    chart.series = {{.style = "c0", .points = {{0, 0}, {25, 10}, {50, 10}, {75, 10}, {100, 0}}}};
    EXPECT_THAT(svg_of(chart),
                HasSubstr(R"(<path class="c0 line" d="M124 156l438 -140h876l438 140"/>)"));
}

TEST(Chart, StepsAreLevelUntilTheNext) {
    Chart chart = flat_chart();
    chart.series = {{.style = "c1", .stroke = Stroke::steps, .points = {{0, 5}, {25, 5}, {50, 10}}},
                    {.style = "c2", .stroke = Stroke::area, .points = {{0, 5}, {50, 10}}}};
    const std::string svg = svg_of(chart);
    EXPECT_THAT(svg, HasSubstr(R"(<path class="c1 line" d="M124 86h876v-70"/>)"));
    EXPECT_THAT(svg, HasSubstr(R"(<path class="c2 area" d="M124 156V86h876v-70V156z"/>)"));
}

TEST(Chart, WhatIsBeyondAnAxisStaysWithin) {
    Chart chart = flat_chart();
    chart.series = {{.style = "c0", .points = {{-50, -5}, {200, 500}}}};
    EXPECT_THAT(svg_of(chart), HasSubstr("M124 156l1752 -140"));
}

TEST(Chart, ADotHasItsTextAndIsFilledOrHollow) {
    Chart chart = flat_chart();
    chart.dots = {{.style = "c0", .point = {50, 5}, .text = "1 -> 2: \"so\"", .label = "<2>"},
                  {.style = "c0", .point = {100, 5}, .hollow = true, .large = true, .label = "3"}};
    const std::string svg = svg_of(chart);
    EXPECT_THAT(svg, HasSubstr(R"(<circle class="out" cx="1000" cy="86" r="5">)"
                               "<title>1 -&gt; 2: &quot;so&quot;</title>"));
    EXPECT_THAT(svg, HasSubstr(R"(class="label">&lt;2&gt;</text>)"));
    EXPECT_THAT(svg, HasSubstr(R"(<circle class="in" cx="1876" cy="86" r="7">)"));
    EXPECT_THAT(svg, HasSubstr(R"(class="label leftward">3</text>)"));
}

}  // namespace
}  // namespace fas::simulation
