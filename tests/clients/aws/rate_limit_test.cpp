// By a clock that is moved by hand.
#include "clients/aws/rate_limit.h"

#include <gtest/gtest.h>

namespace fas::clients {
namespace {

class RateLimitTest : public ::testing::Test {
  protected:
    void pass(Milliseconds time) { now_ += time; }

    // How many calls are sent in a time in which there is always one waiting.
    int sent_in(Milliseconds time) {
        const SteadyTime end = now_ + time;
        int sent = 0;
        while (now_ < end) {
            const Milliseconds missing = limit_.take(now_);
            if (missing.count() == 0) ++sent;
            if (!limit_.rate()) break;  // there would be no end to them
            now_ += missing;
        }
        return sent;
    }

    // As many calls a second, for some seconds, spread evenly.
    void send_evenly(int calls_per_second, int seconds) {
        for (int i = 0; i < calls_per_second * seconds; ++i) {
            EXPECT_EQ(limit_.take(now_), Milliseconds{0});
            pass(Milliseconds{1'000 / calls_per_second});
        }
    }

    SteadyTime now_{std::chrono::hours{1}};
    RateLimit limit_;
};

TEST_F(RateLimitTest, NothingIsLimitedUntilTheServiceThrottles) {
    for (int i = 0; i < 100'000; ++i) EXPECT_EQ(limit_.take(now_), Milliseconds{0});
    EXPECT_FALSE(limit_.rate());
}

TEST_F(RateLimitTest, ThrottlingCutsTheRateThatWasSentAt) {
    send_evenly(100, 3);
    EXPECT_TRUE(limit_.throttled(now_, now_));
    EXPECT_NEAR(limit_.rate().value(), 70, 1);
}

TEST_F(RateLimitTest, TheRateIsThatOfTheLastSecond) {
    send_evenly(100, 1);
    pass(Milliseconds{500});
    limit_.throttled(now_, now_);
    EXPECT_NEAR(limit_.rate().value(), 35, 1) << "half of the last second was silent";

    RateLimit idle;
    idle.take(now_);
    pass(Milliseconds{10'000});
    idle.throttled(now_, now_);
    EXPECT_EQ(idle.rate(), RateLimit::rate_min);
}

TEST_F(RateLimitTest, OneMayBeSentAtOnceAndTheNextWhenItsTokenIsThere) {
    send_evenly(10, 1);
    limit_.throttled(now_, now_);
    EXPECT_EQ(limit_.take(now_), Milliseconds{0});
    const Milliseconds missing = limit_.take(now_);
    EXPECT_EQ(missing, Milliseconds{143}) << "1 / 7 s";
    pass(missing - Milliseconds{5});
    EXPECT_GT(limit_.take(now_), Milliseconds{0});
    pass(Milliseconds{5});
    EXPECT_EQ(limit_.take(now_), Milliseconds{0});
}

TEST_F(RateLimitTest, WhatWasSentBeforeTheCutOrSoonAfterDoesNotCutAgain) {
    send_evenly(100, 1);
    const SteadyTime sent = now_;
    pass(Milliseconds{100});
    EXPECT_TRUE(limit_.throttled(sent, now_));
    const double rate = limit_.rate().value();
    EXPECT_FALSE(limit_.throttled(sent, now_));
    pass(Milliseconds{999});
    EXPECT_FALSE(limit_.throttled(sent, now_));
    EXPECT_FALSE(limit_.throttled(now_, now_));
    EXPECT_GE(limit_.rate(), rate);
    pass(Milliseconds{1});
    EXPECT_TRUE(limit_.throttled(now_, now_));
    EXPECT_LT(limit_.rate(), rate);
}

TEST_F(RateLimitTest, HoweverOftenItThrottlesSomeCallsAreSent) {
    send_evenly(100, 1);
    for (int i = 0; i < 50; ++i) {
        limit_.throttled(now_, now_);
        pass(std::chrono::seconds{1});
    }
    limit_.throttled(now_, now_);
    EXPECT_EQ(limit_.rate(), RateLimit::rate_min);
    EXPECT_GE(sent_in(std::chrono::seconds{10}), 5);
}

TEST_F(RateLimitTest, IsBackWhereTheCutFoundItInTenSeconds) {
    send_evenly(100, 1);
    limit_.throttled(now_, now_);
    const int sent = sent_in(std::chrono::seconds{10});
    EXPECT_NEAR(sent, 837, 15) << "84 a second, on average";
    EXPECT_NEAR(limit_.rate().value(), 99, 1);
}

TEST_F(RateLimitTest, SendsASecondsWorthAtOnceAndNoMore) {
    send_evenly(100, 1);
    limit_.throttled(now_, now_);
    pass(std::chrono::seconds{10});
    int burst = 0;
    while (limit_.take(now_).count() == 0) ++burst;
    EXPECT_NEAR(burst, 99, 1);
}

// A service that takes 50 calls a second, and throttles the rest of each second.
TEST_F(RateLimitTest, SettlesJustBelowWhatTheServiceTakes) {
    send_evenly(500, 1);
    int taken = 0;
    int throttled = 0;
    for (int second = -15; second < 120; ++second) {  // the first of them to find its rate
        if (second == 0) taken = throttled = 0;
        const SteadyTime end = now_ + std::chrono::seconds{1};
        int in_second = 0;
        while (now_ < end) {
            const Milliseconds missing = limit_.take(now_);
            if (missing.count() == 0 && ++in_second > 50) {
                ++throttled;
                limit_.throttled(now_, now_);
            }
            now_ += std::max(missing, Milliseconds{1});
        }
        taken += std::min(in_second, 50);
    }
    EXPECT_GT(taken, 120 * 35) << "70 % of what it takes";
    EXPECT_LT(throttled, 60) << "about one in a hundred";
}

TEST_F(RateLimitTest, GoesWhenForAMinuteNobodyHadToWait) {
    send_evenly(10, 1);
    limit_.throttled(now_, now_);
    limit_.take(now_);
    for (int i = 0; i < 29; ++i) {
        pass(std::chrono::seconds{2});
        EXPECT_EQ(limit_.take(now_), Milliseconds{0});
    }
    EXPECT_TRUE(limit_.rate());
    pass(std::chrono::seconds{2});
    EXPECT_EQ(limit_.take(now_), Milliseconds{0});
    EXPECT_FALSE(limit_.rate());
}

TEST_F(RateLimitTest, StaysWhileSomebodyHasToWait) {
    send_evenly(10, 1);
    limit_.throttled(now_, now_);
    sent_in(std::chrono::seconds{300});
    EXPECT_TRUE(limit_.rate());
}

}  // namespace
}  // namespace fas::clients
