#include "simulation/peers/step_scaling.h"

#include <gtest/gtest.h>

#include "tests/simulation/peers/shown.h"

namespace fas::simulation {
namespace {

Settings steps_of(std::int64_t visible, std::int64_t tasks, Seconds until) {
    StepScaling scaler{100, {{1}, {200}}};
    Shown shown{scaler, tasks};
    shown.sight.visible = {visible};
    return shown.until(until);
}

// The CDK's: { upper: 0, change: -1 }, { lower: 100, change: +1 }, { lower: 500, change: +5 }.
// A data point is seen a minute late.
TEST(StepScaling, TheStepsOfTheCdk) {
    EXPECT_EQ(steps_of(0, 10, Seconds{300}), (Settings{{60, 9}}));
    EXPECT_EQ(steps_of(1, 10, Seconds{300}), Settings{});
    EXPECT_EQ(steps_of(99, 10, Seconds{300}), Settings{});
    EXPECT_EQ(steps_of(100, 10, Seconds{300}), (Settings{{60, 11}}));
    EXPECT_EQ(steps_of(499, 10, Seconds{300}), (Settings{{60, 11}}));
    EXPECT_EQ(steps_of(500, 10, Seconds{300}), (Settings{{60, 15}}));
}

TEST(StepScaling, OneStepACooldownInEachDirection) {
    EXPECT_EQ(steps_of(500, 10, Seconds{700}), (Settings{{60, 15}, {360, 20}, {660, 25}}));
    EXPECT_EQ(steps_of(0, 10, Seconds{700}), (Settings{{60, 9}, {360, 8}, {660, 7}}));
}

// As in AWS's example, where of 3 that are wanted 2 have been added, and 1 more is.
TEST(StepScaling, ALargerStepWithinTheCooldownAddsTheDifference) {
    StepScaling scaler{100, {{1}, {200}}};
    Shown shown{scaler, 10};
    shown.sight.visible = {100};
    shown.until(Seconds{60});
    shown.sight.visible = {500};
    EXPECT_EQ(shown.until(Seconds{300}), (Settings{{180, 15}}));
}

TEST(StepScaling, AScaleOutEndsTheCooldownOfAScaleIn) {
    StepScaling scaler{100, {{1}, {200}}};
    Shown shown{scaler, 10};
    shown.until(Seconds{60});
    shown.sight.visible = {100};
    EXPECT_EQ(shown.until(Seconds{120}), Settings{});
    shown.sight.visible = {0};
    EXPECT_EQ(shown.until(Seconds{240}), (Settings{{180, 10}, {240, 9}}));
}

TEST(StepScaling, KeepsItsBounds) {
    EXPECT_EQ(steps_of(0, 1, Seconds{700}), Settings{});
    EXPECT_EQ(steps_of(500, 198, Seconds{700}), (Settings{{60, 200}}));
}

}  // namespace
}  // namespace fas::simulation
