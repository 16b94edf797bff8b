#include "simulation/peers/oracle.h"

#include <gtest/gtest.h>

#include "simulation/summary.h"
#include "tests/simulation/steady.h"

namespace fas::simulation {
namespace {

// Bursts that nobody could see coming wait for nothing, and cost hardly more than the work.
TEST(Oracle, HasTheTasksThereBeforeTheBurst) {
    World world{.trace = {.bin = Seconds{600}, .counts = {60, 60, 6000, 60, 60, 6000, 60}},
                .plant = {.work = {Seconds{5}, 1}}};
    Oracle scaler{world.trace, world.plant, {1}, {200}, world.seed};
    const Summary summary = summarise(simulate(world, scaler), {});
    EXPECT_LT(summary.wait_p99, Seconds{1});
    EXPECT_LT(summary.cost_ratio, 1.6);
}

}  // namespace
}  // namespace fas::simulation
