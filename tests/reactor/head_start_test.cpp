#include "reactor/head_start.h"

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

class HeadStartTest : public testing::Test {
  protected:
    void begin(Milliseconds pause) {
        head_start_.begin(seven_after(&reactor_, pause, &begun_, &ended_));
    }
    std::optional<int> finish(Scope scope = {}) {
        return reactor_.run(head_start_.finish(std::move(scope)));
    }

    void pause(Milliseconds duration) {
        ASSERT_TRUE(reactor_.run(reactor_.sleep_for(duration, Scope{})));
    }

    bool begun_ = false;
    bool ended_ = false;
    Reactor reactor_;
    HeadStart<int> head_start_{reactor_};
};

TEST_F(HeadStartTest, RunsBeforeItsResultIsAskedForAndGivesItOnce) {
    begin(Milliseconds{1});
    EXPECT_TRUE(begun_);
    EXPECT_EQ(finish(), 7);
    EXPECT_EQ(finish(), std::nullopt);
}

TEST_F(HeadStartTest, KeepsTheResultUntilItIsAskedFor) {
    begin(Milliseconds{1});
    while (!ended_) pause(Milliseconds{1});
    EXPECT_EQ(finish(), 7);
}

TEST_F(HeadStartTest, WithoutABeginningThereIsNothing) { EXPECT_EQ(finish(), std::nullopt); }

TEST_F(HeadStartTest, AScopeThatEndsFirstAbandonsIt) {
    begin(std::chrono::hours{1});
    EXPECT_EQ(finish(Scope{}.within(Milliseconds{1})), std::nullopt);
    EXPECT_FALSE(head_start_.begun());
}

TEST_F(HeadStartTest, WhatWasAbandonedNeverEnds) {
    begin(Milliseconds{1});
    head_start_.abandon();
    pause(Milliseconds{10});
    EXPECT_FALSE(ended_);
    EXPECT_EQ(finish(), std::nullopt);
}

}  // namespace
}  // namespace fas::reactor
