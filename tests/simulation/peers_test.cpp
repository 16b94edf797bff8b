#include "simulation/peers.h"

#include <gtest/gtest.h>

#include "simulation/summary.h"
#include "tests/simulation/peers/shown.h"
#include "tests/simulation/steady.h"

namespace fas::simulation {
namespace {

// Four tasks' work, which nobody can get wrong for long.
World easy_world() {
    return {.trace = steady_trace(1, Seconds{4 * 3600}), .plant = {.work = {Seconds{4}, 1}}};
}

TEST(Peers, EachEntersByItsNameAndDoesTheWork) {
    const World world = easy_world();
    for (const Peer& peer : peers()) {
        SCOPED_TRACE(peer.name);
        ASSERT_EQ(find_peer(peer.name), &peer);
        World own = world;
        Entrant entrant = peer.enter(world, {{1}, {50}});
        own.plant = entrant.plant;
        const Outcome outcome = simulate(own, *entrant.scaler);
        EXPECT_EQ(outcome.tally.done, 4U * 3600);
        EXPECT_GT(outcome.changes.size(), 0U);
    }
    EXPECT_EQ(find_peer("nobody"), nullptr);
}

TEST(Peers, AKnobChangesWhatComesOfIt) {
    const World world = easy_world();
    for (const Peer& peer : peers()) {
        if (peer.knob.name.empty()) continue;
        SCOPED_TRACE(peer.name);
        EXPECT_LE(peer.knob.least, peer.knob.initial);
        EXPECT_GE(peer.knob.most, peer.knob.initial);
        const auto cost = [&](double value) {
            World own = world;
            Entrant entrant = peer.enter(world, {{1}, {50}}, value);
            own.plant = entrant.plant;
            return summarise(simulate(own, *entrant.scaler), {}).cost_ratio;
        };
        EXPECT_NE(cost(peer.knob.least), cost(peer.knob.most));
    }
}

// AWS's example: 10 s of latency at 0.1 s a message are 100 messages a task.
TEST(Peers, AwsIsToldTheTimeThatAMessageTakes) {
    World world = easy_world();
    world.plant.work.mean = Seconds{0.1};
    const Entrant entrant = find_peer("aws")->enter(world, {{1}, {200}}, 10);
    Shown shown{*entrant.scaler, 10};
    shown.sight.visible = {1500};
    EXPECT_EQ(shown.until(Seconds{300}), (Settings{{180, 15}}));
}

TEST(Peers, OfBuildkiteTheTasksEndThemselves) {
    const World world = easy_world();
    EXPECT_EQ(find_peer("buildkite")->enter(world, {}).plant.ends_when_idle, Seconds{600});
    EXPECT_EQ(find_peer("keda")->enter(world, {}).plant.ends_when_idle, std::nullopt);
}

TEST(Peers, OnlyWhatIsComparableIsJudged) {
    for (const Peer& peer : peers()) {
        EXPECT_EQ(peer.judged, peer.name != "buildkite" && peer.name != "oracle") << peer.name;
    }
}

}  // namespace
}  // namespace fas::simulation
