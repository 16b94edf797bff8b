#include "simulation/peers/target_tracking.h"

#include <gtest/gtest.h>

#include "tests/simulation/peers/shown.h"

namespace fas::simulation {
namespace {

constexpr Bounds one_to_two_hundred{{1}, {200}};

// AWS's example: 1,500 messages on 10 instances, of which each may have 100, make five more. The
// data points of three minutes are needed, and each is seen a minute late.
TEST(TargetTracking, TheExampleOfAwsScalesOutByFive) {
    TargetTracking scaler{100, one_to_two_hundred};
    Shown shown{scaler, 10};
    shown.sight.visible = {1500};
    EXPECT_EQ(shown.until(Seconds{300}), (Settings{{180, 15}}));
}

TEST(TargetTracking, TwoDataPointsAboveAreNoAlarm) {
    TargetTracking scaler{100, one_to_two_hundred};
    Shown shown{scaler, 10};
    Seconds minute{0};
    for (const std::int64_t visible : {1500, 1500, 1000, 1500, 1500, 1000}) {
        shown.sight.visible = {visible};
        EXPECT_EQ(shown.until(minute), Settings{});
        minute += metric_period;
    }
}

// A backlog that comes right after a data point is acted on four minutes later, not sooner.
TEST(TargetTracking, ActsAtTheFourthMinuteOfABacklog) {
    TargetTracking scaler{100, one_to_two_hundred};
    Shown shown{scaler, 10};
    shown.sight.visible = {500};
    shown.until(Seconds{600});
    shown.sight.visible = {1500};
    EXPECT_EQ(shown.until(Seconds{1200}), (Settings{{840, 15}}));
}

// While the tasks start, what was added counts as part of what is wanted; the alarm goes on.
TEST(TargetTracking, WhatStartsIsNotAddedAgain) {
    TargetTracking scaler{100, one_to_two_hundred};
    Shown shown{scaler, 10};
    shown.start_at_once = false;
    shown.sight.visible = {1500};
    EXPECT_EQ(shown.until(Seconds{420}), (Settings{{180, 15}}));
}

TEST(TargetTracking, ALargerScaleOutPassesTheCooldownFromWhatThereWasBefore) {
    TargetTracking scaler{100, one_to_two_hundred};
    Shown shown{scaler, 10};
    shown.start_at_once = false;
    shown.sight.visible = {1500};
    shown.until(Seconds{180});
    shown.sight.visible = {1800};
    EXPECT_EQ(shown.until(Seconds{420}), (Settings{{300, 18}}));
}

TEST(TargetTracking, ScalesOutAgainWhenTheCooldownIsOver) {
    TargetTracking scaler{100, one_to_two_hundred};
    Shown shown{scaler, 10};
    shown.sight.visible = {1500};
    shown.until(Seconds{180});
    shown.sight.visible = {1800};
    EXPECT_EQ(shown.until(Seconds{540}), (Settings{{480, 18}}));
}

// The alarm is of fifteen data points; then one in five minutes.
TEST(TargetTracking, ScalesInAfterFifteenMinutesATenthAtATime) {
    TargetTracking scaler{100, one_to_two_hundred};
    Shown shown{scaler, 50};
    EXPECT_EQ(shown.until(Seconds{1700}), (Settings{{900, 45}, {1200, 41}, {1500, 37}}));
}

TEST(TargetTracking, LessThanATenthBelowIsNoReason) {
    TargetTracking scaler{100, one_to_two_hundred};
    Shown shown{scaler, 50};
    shown.sight.visible = {4500};
    EXPECT_EQ(shown.until(Seconds{3600}), Settings{});
}

// "If removing 1.5 instances ..., we remove just one."
TEST(TargetTracking, RoundsSoThatTooFewGo) {
    TargetTracking scaler{100, one_to_two_hundred};
    Shown shown{scaler, 20};
    shown.sight.visible = {1790};
    EXPECT_EQ(shown.until(Seconds{900}), (Settings{{900, 18}}));
}

TEST(TargetTracking, AScaleOutEndsTheCooldownOfAScaleIn) {
    TargetTracking scaler{100, one_to_two_hundred};
    Shown shown{scaler, 50};
    shown.until(Seconds{900});
    shown.sight.visible = {9000};
    EXPECT_EQ(shown.until(Seconds{1200}), (Settings{{1140, 90}}));
}

TEST(TargetTracking, KeepsItsBounds) {
    TargetTracking scaler{1, {{2}, {20}}};
    Shown shown{scaler, 2};
    EXPECT_EQ(shown.until(Seconds{1800}), Settings{});
    shown.sight.visible = {9000};
    EXPECT_EQ(shown.until(Seconds{2400}), (Settings{{2040, 20}}));
}

TEST(TargetTracking, StartsFromNoTask) {
    TargetTracking scaler{100, {{0}, {20}}};
    Shown shown{scaler, 0};
    shown.sight.visible = {150};
    EXPECT_EQ(shown.until(Seconds{300}), (Settings{{180, 2}}));
}

}  // namespace
}  // namespace fas::simulation
