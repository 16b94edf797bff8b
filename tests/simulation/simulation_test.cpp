#include "simulation/simulation.h"

#include <gtest/gtest.h>

#include <bit>

#include "tests/simulation/steady.h"

namespace fas::simulation {
namespace {

// Out to ten and back to one, every ten minutes.
class Swing final : public Scaler {
  public:
    Seconds next_look() const override { return next_; }
    std::optional<Wish> look(const Sight& sight) override {
        next_ = sight.now + Seconds{600};
        return Wish{sight.desired == Tasks{1} ? Tasks{10} : Tasks{1}, "to and fro"};
    }

  private:
    Seconds next_{600};
};

Outcome swing(PlantParameters plant, std::uint64_t seed = 1) {
    const World world{.trace = steady_trace(0.5, Seconds{7200}),
                      .plant = plant,
                      .readings = {},
                      .initial = {10},
                      .seed = seed};
    Swing scaler;
    return simulate(world, scaler);
}

TEST(Simulation, ASeedGivesTheSameToTheBit) {
    const PlantParameters plant{.work = {Seconds{10}, 0.7}};
    const Outcome one = swing(plant, 42);
    const Outcome other = swing(plant, 42);
    EXPECT_EQ(std::bit_cast<std::uint64_t>(one.tally.task_seconds),
              std::bit_cast<std::uint64_t>(other.tally.task_seconds));
    EXPECT_EQ(one.tally.killed, other.tally.killed);
    EXPECT_EQ(one.tally.waits.percentile(0.99), other.tally.waits.percentile(0.99));
    EXPECT_NE(one.tally.task_seconds, swing(plant, 43).tally.task_seconds);
}

TEST(Simulation, EveryMessageIsDoneOnce) {
    for (const ScaleIn scale_in : {ScaleIn::kill, ScaleIn::drain, ScaleIn::protect}) {
        const Outcome outcome = swing({.work = {Seconds{10}, 1}, .scale_in = scale_in});
        EXPECT_EQ(outcome.tally.done, 3600U);
        EXPECT_EQ(outcome.tally.waits.count(), 3600U);
    }
}

TEST(Simulation, AKilledTaskLosesWhatItHasInHand) {
    EXPECT_GT(swing({.work = {Seconds{10}, 1}}).tally.killed, 0U);
}

TEST(Simulation, ATaskThatDrainsLosesOnlyWhatTakesLongerThanItsTimeout) {
    const Outcome in_time = swing({.work = {Seconds{10}, 0}, .scale_in = ScaleIn::drain});
    EXPECT_EQ(in_time.tally.killed, 0U);
    const Outcome late =
        swing({.work = {Seconds{100}, 0}, .scale_in = ScaleIn::drain, .stop_timeout = Seconds{30}});
    EXPECT_GT(late.tally.killed, 0U);
}

TEST(Simulation, AProtectedTaskGoesWhenItIsDone) {
    const Outcome outcome = swing({.work = {Seconds{10}, 1}, .scale_in = ScaleIn::protect});
    EXPECT_EQ(outcome.tally.killed, 0U);
    EXPECT_EQ(outcome.timeline[450].running, Tasks{1});
}

TEST(Simulation, ATaskIsBilledFromItsStartAndForAMinuteAtLeast) {
    World world{.trace = steady_trace(0, Seconds{3600}), .initial = {3}};
    Fixed scaler{{1}};
    const Outcome outcome = simulate(world, scaler);
    EXPECT_EQ(outcome.length, Seconds{3600});
    EXPECT_DOUBLE_EQ(outcome.tally.task_seconds, 3600 + 60 + 60);
}

TEST(Simulation, ATaskIsReadyAfterItsStartUp) {
    World world{.trace = {.moments = {Seconds{1}, Seconds{100}}},
                .plant = {.work = {Seconds{1}, 0},
                          .start_up_median = Seconds{45},
                          .start_up_p95 = Seconds{45}},
                .initial = {0}};
    Fixed scaler{{1}};
    const Outcome outcome = simulate(world, scaler);
    EXPECT_NEAR(outcome.tally.waits.longest().count(), 44, 1e-9);
    EXPECT_EQ(outcome.tally.waits.percentile(0.5), Seconds{0});
}

TEST(Simulation, ATraceMayBeOneMoment) {
    World world{.trace = {.moments = {Seconds{0}}}, .plant = {.work = {Seconds{1}, 0}}};
    Fixed scaler{{1}};
    EXPECT_EQ(simulate(world, scaler).tally.done, 1U);
}

TEST(Simulation, WhatWasNeverBegunHasWaitedToTheEnd) {
    World world{.trace = steady_trace(1, Seconds{600}), .initial = {0}};
    Fixed scaler{{0}};
    const Outcome outcome = simulate(world, scaler);
    EXPECT_EQ(outcome.tally.waits.count(), 600U);
    EXPECT_GT(outcome.tally.waits.percentile(0.01), Seconds{3600});
}

}  // namespace
}  // namespace fas::simulation
