#include "simulation/timelines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fas::simulation {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<double> ups(const std::vector<Point>& points) {
    std::vector<double> ups;
    for (const Point& point : points) ups.push_back(point.up);
    return ups;
}

TEST(Timelines, ArrivalsAreOverWholeBins) {
    Trace trace{.bin = Seconds{60}, .counts = std::vector<double>(1000, 90)};
    EXPECT_EQ(arrivals_stretch(trace), Seconds{180});
    EXPECT_THAT(ups(arrival_rates(trace)), testing::Contains(1.5).Times(333));
    trace.counts = {60, 120};
    EXPECT_EQ(arrivals_stretch(trace), Seconds{60});
    const std::vector<Point> points = arrival_rates(trace);
    EXPECT_THAT(ups(points), ElementsAre(1, 2, 2));
    EXPECT_EQ(points.back().across, 120);
    EXPECT_THAT(arrival_rates({}), IsEmpty());
}

TEST(Timelines, MomentsAreCountedToo) {
    const Trace trace{.moments = {Seconds{0}, Seconds{1}, Seconds{480}}};
    const std::vector<Point> points = arrival_rates(trace);
    EXPECT_EQ(points.at(0).up, 1);
    EXPECT_EQ(points.at(1).up, 1);
    EXPECT_EQ(points.at(2).up, 0);
    EXPECT_EQ(points.at(480).up, 1);
}

TEST(Timelines, FewerPointsShowTheGreatest) {
    Outcome outcome{.stretch = Seconds{10}};
    for (const int value : {1, 5, 2, 3, 4}) outcome.timeline.push_back({.most_visible = {value}});
    const std::vector<Point> points = points_of(outcome, 3, [](const Stretch& stretch) {
        return static_cast<double>(stretch.most_visible.value);
    });
    EXPECT_THAT(ups(points), ElementsAre(5, 3, 4));
    EXPECT_EQ(points[1].across, 20);
}

TEST(Timelines, ASpikeBetweenTwoStretchesIsSeen) {
    Outcome outcome{.stretch = Seconds{100}};
    outcome.timeline = {{.desired = {2}}, {.desired = {2}}, {.desired = {1}}};
    outcome.changes = {
        {Seconds{110}, {2}, {50}, ""}, {Seconds{120}, {50}, {2}, ""}, {Seconds{250}, {2}, {1}, ""}};
    EXPECT_THAT(ups(most_desired(outcome)), ElementsAre(2, 50, 2));
}

}  // namespace
}  // namespace fas::simulation
