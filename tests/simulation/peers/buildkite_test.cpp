#include "simulation/peers/buildkite.h"

#include <gtest/gtest.h>

#include "tests/simulation/peers/shown.h"

namespace fas::simulation {
namespace {

// "Polls every 10 seconds, and sets the DesiredCount to exactly what is needed."
TEST(Buildkite, HasATaskForEachJobWithinTenSeconds) {
    Buildkite scaler{1, {{1}, {100}}};
    Shown shown{scaler, 1};
    EXPECT_EQ(shown.until(Seconds{30}), Settings{});
    shown.sight.visible = {30};
    shown.sight.in_flight = {1};
    EXPECT_EQ(shown.until(Seconds{60}), (Settings{{40, 31}}));
}

TEST(Buildkite, AnInstanceHasSeveralAgents) {
    Buildkite scaler{4, {{1}, {100}}};
    Shown shown{scaler, 1};
    shown.sight.visible = {9};
    EXPECT_EQ(shown.until(Seconds{0}), (Settings{{0, 3}}));
}

TEST(Buildkite, TakesNothingAwayAndKeepsItsBounds) {
    Buildkite scaler{1, {{1}, {100}}};
    Shown shown{scaler, 50};
    EXPECT_EQ(shown.until(Seconds{3600}), Settings{});
    shown.sight.visible = {1000};
    EXPECT_EQ(shown.until(Seconds{3660}), (Settings{{3610, 100}}));
}

}  // namespace
}  // namespace fas::simulation
