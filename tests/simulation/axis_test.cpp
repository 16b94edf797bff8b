#include "simulation/axis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fas::simulation {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> texts_of(const Axis& axis) {
    std::vector<std::string> texts;
    for (const Tick& tick : axis.ticks) texts.push_back(tick.text);
    return texts;
}

TEST(Axis, CountsHaveRoundSteps) {
    EXPECT_THAT(texts_of(axis_of({180, 90, 170}, Unit::count)),
                ElementsAre("0", "50", "100", "150"));
    EXPECT_THAT(texts_of(axis_of({3, 1}, Unit::count)), ElementsAre("0", "1", "2", "3"));
    EXPECT_THAT(texts_of(axis_of({}, Unit::count)), ElementsAre("0", "1"));
    EXPECT_THAT(texts_of(axis_of({0, 0}, Unit::count)), ElementsAre("0", "1"));
}

TEST(Axis, WaitsHaveStepsOfTime) {
    EXPECT_THAT(texts_of(axis_of({200, 150}, Unit::seconds)),
                ElementsAre("0 s", "1 min", "2 min", "3 min"));
    EXPECT_THAT(texts_of(axis_of({7200}, Unit::seconds)),
                ElementsAre("0 s", "30 min", "1 h", "1.5 h", "2 h"));
}

TEST(Axis, OneBurstDoesNotHideTheRest) {
    const Axis axis = axis_of({5, 8, 9, 12, 20'000}, Unit::count);
    EXPECT_TRUE(axis.logarithmic);
    EXPECT_THAT(texts_of(axis), ElementsAre("0", "1", "10", "100", "1,000", "10,000"));
    EXPECT_EQ(axis.share(0), 0);
    EXPECT_EQ(axis.share(axis.high), 1);
    EXPECT_GT(axis.share(8), 0.2);
    EXPECT_THAT(texts_of(axis_of({1, 2, 3, 400}, Unit::seconds)),
                ElementsAre("0 s", "1 s", "10 s", "1 min", "10 min"));
    EXPECT_FALSE(linear_axis_of({5, 8, 9, 12, 20'000}, Unit::count).logarithmic);
    EXPECT_THAT(texts_of(axis_of({1, 2, 3, 4, 7200}, Unit::seconds)),
                ElementsAre("0 s", "1 s", "10 s", "1 min", "10 min", "1 h"));
}

TEST(Axis, PricesNeedNotBeginAtNothing) {
    const Axis axis = close_axis_of({58, 110}, Unit::dollars);
    EXPECT_THAT(texts_of(axis), ElementsAre("$60.00", "$80.00", "$100.00"));
    EXPECT_GT(axis.low, 50);
    EXPECT_LT(close_axis_of({4, 4}, Unit::dollars).share(4), 1);
}

TEST(Axis, MomentsAreByTheClockWhereThereIsADate) {
    const TimePoint start = *parse_iso8601("2026-03-01T22:10:00Z");
    EXPECT_THAT(
        texts_of(time_axis(start, Seconds{4 * 3600})),
        ElementsAre("22:30", "23:00", "23:30", "00:00", "00:30", "01:00", "01:30", "02:00"));
    EXPECT_THAT(
        texts_of(time_axis(start, Seconds{2 * 86400})),
        ElementsAre("2 Mar", "06:00", "12:00", "18:00", "3 Mar", "06:00", "12:00", "18:00"));
    EXPECT_EQ(moment_text(start, Seconds{3600}, Seconds{65}), "22:11:05");
    EXPECT_EQ(moment_text(start, Seconds{2 * 86400}, Seconds{7200}), "2 Mar 00:10:00");
}

TEST(Axis, MomentsAreByWhatHasPassedWhereThereIsNone) {
    EXPECT_THAT(texts_of(time_axis({}, Seconds{3600})),
                ElementsAre("start", "10 min", "20 min", "30 min", "40 min", "50 min", "1 h"));
    EXPECT_THAT(texts_of(time_axis({}, Seconds{30 * 86400})),
                ElementsAre("start", "7 d", "14 d", "21 d", "28 d"));
    EXPECT_EQ(moment_text({}, Seconds{3600}, Seconds{200}), "3 min 20 s");
    EXPECT_THAT(texts_of(time_axis({}, Seconds{0})), testing::Not(IsEmpty()));
}

}  // namespace
}  // namespace fas::simulation
