#include "simulation/peers/original.h"

#include <gtest/gtest.h>

#include "tests/simulation/peers/shown.h"

namespace fas::simulation {
namespace {

constexpr Bounds ten_to_three_hundred{{10}, {300}};

// 5,000 messages at 0.01 need 50 tasks; it goes on as long as they are there.
TEST(Original, AConstantBacklogRunsAwayInSixChecks) {
    Original scaler{0.01, ten_to_three_hundred};
    Shown shown{scaler, 10};
    shown.sight.visible = {5000};
    EXPECT_EQ(shown.until(Seconds{600}),
              (Settings{{0, 60}, {60, 110}, {120, 160}, {180, 210}, {240, 260}, {300, 300}}));
}

TEST(Original, FromThreeHundredToTenTakes173Steps) {
    Original scaler{0.01, ten_to_three_hundred};
    Shown shown{scaler, 300};
    const Settings settings = shown.until(Seconds{24 * 3600});
    ASSERT_EQ(settings.size(), 173U);
    EXPECT_EQ(settings[1], (Settings::value_type{120, 294}));
    EXPECT_EQ(settings.back(), (Settings::value_type{172 * 120, 10}));
}

TEST(Original, AtLeastOneTaskIsAdded) {
    Original scaler{0.001, ten_to_three_hundred};
    Shown shown{scaler, 10};
    shown.sight.visible = {101};
    EXPECT_EQ(shown.until(Seconds{0}), (Settings{{0, 11}}));
}

TEST(Original, BetweenItsThresholdsItDoesNothing) {
    for (const std::int64_t visible : {99, 100}) {
        Original scaler{0.01, ten_to_three_hundred};
        Shown shown{scaler, 50};
        shown.sight.visible = {visible};
        EXPECT_EQ(shown.until(Seconds{600}), Settings{});
    }
}

TEST(Original, WhatIsInFlightCountsForNothing) {
    Original scaler{0.01, ten_to_three_hundred};
    Shown shown{scaler, 50};
    shown.sight.in_flight = {5000};
    EXPECT_EQ(shown.until(Seconds{0}), (Settings{{0, 49}}));
}

TEST(Original, AScaleOutHoldsBackAScaleInAndNeverAScaleOut) {
    Original scaler{0.01, ten_to_three_hundred};
    Shown shown{scaler, 50};
    shown.sight.visible = {1000};
    EXPECT_EQ(shown.until(Seconds{60}), (Settings{{0, 60}, {60, 70}}));
    shown.sight.visible = {0};
    EXPECT_EQ(shown.until(Seconds{180}), (Settings{{180, 69}}));
}

}  // namespace
}  // namespace fas::simulation
