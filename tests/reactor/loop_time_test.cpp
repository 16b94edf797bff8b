#include "reactor/loop_time.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "reactor/event.h"
#include "reactor/reactor.h"
#include "reactor/when_all.h"

namespace fas::reactor {
namespace {

using ::testing::ElementsAre;

TEST(LoopTime, IsTheSteadyClocks) {
    const SteadyTime before = std::chrono::steady_clock::now();
    const SteadyTime between = now();
    EXPECT_LE(before, between);
    EXPECT_LE(between, std::chrono::steady_clock::now());
}

TEST(SimulatedTime, AnHourPassesAtOnceAndToTheMillisecond) {
    const SteadyTime began = std::chrono::steady_clock::now();
    SimulatedTime time;
    Reactor reactor;
    const SteadyTime start = now();
    EXPECT_TRUE(reactor.run(reactor.sleep_for(std::chrono::hours{1}, Scope{})));
    EXPECT_EQ(now() - start, std::chrono::hours{1});
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::minutes{10});
}

TEST(SimulatedTime, StandsStillWhileAnythingCanGoOn) {
    SimulatedTime time;
    Reactor reactor;
    const SteadyTime start = now();
    for (int i = 0; i < 1'000; ++i) reactor.run(reactor.yield());
    EXPECT_EQ(now(), start);
}

Task<Result<void>> note_after(Reactor* reactor, Milliseconds pause, std::string name,
                              std::vector<std::string>* order) {
    auto slept = co_await reactor->sleep_for(pause, Scope{});
    order->push_back(name);
    co_return slept;
}

TEST(SimulatedTime, TimersFireInTheirOrder) {
    SimulatedTime time;
    Reactor reactor;
    std::vector<std::string> order;
    auto late = note_after(&reactor, Milliseconds{20}, "late", &order);
    auto early = note_after(&reactor, Milliseconds{10}, "early", &order);
    auto same = note_after(&reactor, Milliseconds{20}, "as late, made later", &order);
    reactor.run(when_all(std::move(late), std::move(early), std::move(same)));
    EXPECT_THAT(order, ElementsAre("early", "late", "as late, made later"));
}

TEST(SimulatedTime, DeadlinesPassInIt) {
    SimulatedTime time;
    Reactor reactor;
    Event never{reactor};
    const Scope scope = Scope{}.within(Milliseconds{500});
    const auto waited = reactor.run(never.wait(scope));
    ASSERT_FALSE(waited);
    EXPECT_EQ(waited.error().code, "DeadlinePassed");
    EXPECT_TRUE(scope.over());
}

TEST(SimulatedTime, EndsWithItsObject) {
    {
        SimulatedTime time;
    }
    EXPECT_EQ(SimulatedTime::current(), nullptr);
    Reactor reactor;
    EXPECT_TRUE(reactor.run(reactor.sleep_for(Milliseconds{1}, Scope{})));
}

}  // namespace
}  // namespace fas::reactor
