#include "adapters/queues/shared/measured.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

#include "adapters/queues/shared/metric_source.h"

namespace fas::adapters {
namespace {

TEST(MeasuredCount, IsRoundedUp) {
    EXPECT_EQ(*count_of(0, "x"), Messages{0});
    EXPECT_EQ(*count_of(0.01, "x"), Messages{1});
    EXPECT_EQ(*count_of(29.5, "x"), Messages{30});
    EXPECT_EQ(*count_of(30, "x"), Messages{30});
}

TEST(MeasuredCount, ThatCannotBeIsAnError) {
    for (const double number : {-0.5, -1.0, 1e16, std::numeric_limits<double>::infinity(),
                                std::numeric_limits<double>::quiet_NaN()}) {
        const auto count = count_of(number, "the value of x");
        ASSERT_FALSE(count) << number;
        EXPECT_EQ(count.error().code, "NotACount");
        EXPECT_TRUE(count.error().message.starts_with("the value of x is ")) << number;
    }
}

TEST(MeasuredDepth, HasNothingInFlightOnlyWhereThatIsSaid) {
    const scaling::QueueDepth known{.visible = Messages{3}};
    EXPECT_FALSE(with_in_flight(known, true).in_flight);
    EXPECT_EQ(with_in_flight(known, false).in_flight, Messages{0});
    const scaling::QueueDepth told{.visible = Messages{3}, .in_flight = Messages{2}};
    EXPECT_EQ(with_in_flight(told, false).in_flight, Messages{2});
    EXPECT_FALSE(with_in_flight({.missing = "why"}, false).in_flight);
}

TEST(MetricPeriod, IsOneOfCloudWatchs) {
    for (const int seconds : {1, 5, 10, 20, 30, 60, 120, 86'400}) {
        EXPECT_TRUE(is_metric_period(seconds)) << seconds;
    }
    for (const int seconds : {2, 15, 45, 61, 90})
        EXPECT_FALSE(is_metric_period(seconds)) << seconds;
}

TEST(StaleAfter, IsThreePeriodsAndAtLeastFiveMinutesUnlessItIsGiven) {
    EXPECT_EQ(stale_after(std::nullopt, std::chrono::seconds{60}), 300);
    EXPECT_EQ(stale_after(std::nullopt, std::chrono::seconds{300}), 900);
    EXPECT_EQ(stale_after(90.0, std::chrono::seconds{300}), 90);
}

}  // namespace
}  // namespace fas::adapters
