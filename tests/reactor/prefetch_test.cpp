#include "reactor/prefetch.h"

#include <gtest/gtest.h>

#include <optional>
#include <utility>

namespace fas::reactor {
namespace {

Task<int> seven_after(Reactor* reactor, Milliseconds pause, bool* begun, bool* ended) {
    *begun = true;
    auto rested = co_await reactor->sleep_for(pause, Scope{});
    *ended = rested.has_value();
    co_return 7;
}

class PrefetchTest : public testing::Test {
  protected:
    void begin(Milliseconds pause) {
        prefetch_.begin(seven_after(&reactor_, pause, &begun_, &ended_));
    }
    std::optional<int> finish(Scope scope = {}) {
        return reactor_.run(prefetch_.finish(std::move(scope)));
    }

    void pause(Milliseconds duration) {
        ASSERT_TRUE(reactor_.run(reactor_.sleep_for(duration, Scope{})));
    }

    bool begun_ = false;
    bool ended_ = false;
    Reactor reactor_;
    Prefetch<int> prefetch_{reactor_};
};

TEST_F(PrefetchTest, RunsBeforeItsResultIsAskedForAndGivesItOnce) {
    begin(Milliseconds{1});
    EXPECT_TRUE(begun_);
    EXPECT_EQ(finish(), 7);
    EXPECT_EQ(finish(), std::nullopt);
}

TEST_F(PrefetchTest, KeepsTheResultUntilItIsAskedFor) {
    begin(Milliseconds{1});
    while (!ended_) pause(Milliseconds{1});
    EXPECT_EQ(finish(), 7);
}

TEST_F(PrefetchTest, WithoutABeginningThereIsNothing) { EXPECT_EQ(finish(), std::nullopt); }

TEST_F(PrefetchTest, AScopeThatEndsFirstAbandonsIt) {
    begin(std::chrono::hours{1});
    EXPECT_EQ(finish(Scope{}.within(Milliseconds{1})), std::nullopt);
    EXPECT_FALSE(prefetch_.begun());
}

TEST_F(PrefetchTest, WhatWasAbandonedNeverEnds) {
    begin(Milliseconds{1});
    prefetch_.abandon();
    pause(Milliseconds{10});
    EXPECT_FALSE(ended_);
    EXPECT_EQ(finish(), std::nullopt);
}

}  // namespace
}  // namespace fas::reactor
