#include "reactor/background.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>

#include "reactor/reactor.h"

namespace fas::reactor {
namespace {

// `held` shows how long the task's frame lives, `turns` how often it has run.
Task<void> count_turns(Reactor& reactor, int* turns, int wanted, std::shared_ptr<int> held) {
    const std::shared_ptr<int> local = std::move(held);
    while (++*turns < wanted) co_await reactor.yield();
}

Task<void> sleep_long(Reactor& reactor, std::shared_ptr<int> held) {
    const std::shared_ptr<int> local = std::move(held);
    std::ignore = co_await reactor.sleep_for(std::chrono::hours(1), Scope());
}

TEST(Background, RunsItsTaskBesideOthers) {
    Reactor reactor;
    Background background;
    EXPECT_FALSE(background.running());
    int turns = 0;
    background.start(count_turns(reactor, &turns, 3, nullptr));
    EXPECT_EQ(turns, 1);
    EXPECT_TRUE(background.running());
    while (background.running()) reactor.run(reactor.yield());
    EXPECT_EQ(turns, 3);
}

TEST(Background, RunsOneTaskAfterAnother) {
    Reactor reactor;
    Background background;
    int turns = 0;
    for (int round = 0; round < 3; ++round) {
        turns = 0;
        background.start(count_turns(reactor, &turns, 2, nullptr));
        while (background.running()) reactor.run(reactor.yield());
        EXPECT_EQ(turns, 2);
    }
}

TEST(Background, ATaskThatNeverWaitsHasFinishedWhenItWasStarted) {
    Reactor reactor;
    Background background;
    int turns = 0;
    background.start(count_turns(reactor, &turns, 1, nullptr));
    EXPECT_FALSE(background.running());
    EXPECT_EQ(turns, 1);
}

TEST(Background, DestroysATaskThatHasNotFinished) {
    Reactor reactor;
    const auto held = std::make_shared<int>();
    std::optional<Background> background(std::in_place);
    background->start(sleep_long(reactor, held));
    reactor.run(reactor.yield());
    EXPECT_EQ(held.use_count(), 2);
    background.reset();
    EXPECT_EQ(held.use_count(), 1);
    reactor.run(reactor.yield());
}

TEST(Background, DestroysATaskWhoseTurnHasCome) {
    Reactor reactor;
    int turns = 0;
    std::optional<Background> background(std::in_place);
    background->start(count_turns(reactor, &turns, 100, nullptr));
    background.reset();
    reactor.run(reactor.yield());
    EXPECT_EQ(turns, 1);
}

}  // namespace
}  // namespace fas::reactor
