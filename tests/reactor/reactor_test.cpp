#include "reactor/reactor.h"

#include <gtest/gtest.h>

#include <chrono>
#include <stop_token>
#include <string>
#include <tuple>
#include <vector>

#include "reactor/when_all.h"
#include "tests/reactor/open_descriptors.h"

namespace fas::reactor {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

TEST(SleepFor, NeverEndsEarly) {
    Reactor reactor;
    for (const int ms : {0, 1, 2, 7, 15}) {
        const auto start = steady_clock::now();
        EXPECT_TRUE(reactor.run(reactor.sleep_for(milliseconds(ms), Scope())));
        EXPECT_GE(steady_clock::now() - start, milliseconds(ms));
    }
}

TEST(SleepFor, TakesTheLongestDurationThereIs) {
    Reactor reactor;
    const Scope scope{.deadline = steady_clock::now() + milliseconds(1)};
    const auto result = reactor.run(reactor.sleep_for(Milliseconds::max(), scope));
    EXPECT_EQ(result.error().code, "DeadlinePassed");
}

TEST(SleepFor, ANegativeDurationIsNone) {
    Reactor reactor;
    EXPECT_TRUE(reactor.run(reactor.sleep_for(milliseconds(-5), Scope())));
}

TEST(SleepFor, IsCancelledAtTheDeadline) {
    Reactor reactor;
    const Scope scope = Scope().within(milliseconds(5));
    const auto result = reactor.run(reactor.sleep_for(hours(1), scope));
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, ErrorKind::cancelled);
    EXPECT_EQ(result.error().message, "deadline passed during a wait of 3600000 ms");
    EXPECT_GE(steady_clock::now(), scope.deadline);
}

TEST(SleepFor, IsCancelledBeforeItBegins) {
    Reactor reactor;
    std::stop_source source;
    source.request_stop();
    const auto stopped =
        reactor.run(reactor.sleep_for(hours(1), Scope{.stop = source.get_token()}));
    EXPECT_EQ(stopped.error().code, "Stopped");
    const Scope late{.deadline = steady_clock::now()};
    EXPECT_EQ(reactor.run(reactor.sleep_for(hours(1), late)).error().code, "DeadlinePassed");
}

Task<bool> stop_after_a_turn(Reactor& reactor, std::stop_source source, const bool* other_ended) {
    co_await reactor.yield();
    source.request_stop();
    co_return *other_ended;  // false: nobody was resumed inside request_stop()
}

Task<Result<void>> sleep_and_note(Reactor& reactor, Scope scope, bool* ended) {
    auto result = co_await reactor.sleep_for(hours(1), std::move(scope));
    *ended = true;
    co_return result;
}

TEST(SleepFor, EndsOnAStopRequestButNotInsideIt) {
    Reactor reactor;
    std::stop_source source;
    bool ended = false;
    const auto [slept, ended_inside] =
        reactor.run(when_all(sleep_and_note(reactor, Scope{.stop = source.get_token()}, &ended),
                             stop_after_a_turn(reactor, source, &ended)));
    EXPECT_EQ(slept.error().kind, ErrorKind::cancelled);
    EXPECT_EQ(slept.error().message, "stopped during a wait of 3600000 ms");
    EXPECT_FALSE(ended_inside);
    EXPECT_TRUE(ended);
}

Task<int> stop_after_a_sleep(Reactor& reactor, std::stop_source source) {
    std::ignore = co_await reactor.sleep_for(milliseconds(0), Scope());
    source.request_stop();
    co_return 0;
}

TEST(SleepFor, EndsWhileOthersSleepOn) {
    Reactor reactor;
    std::stop_source source;
    const auto [slept, stopped] =
        reactor.run(when_all(reactor.sleep_for(hours(1), Scope{.stop = source.get_token()}),
                             stop_after_a_sleep(reactor, source)));
    EXPECT_EQ(slept.error().code, "Stopped");
}

Task<void> stop_and_drop(Reactor& reactor, std::stop_source source) {
    {
        const auto sleeping = reactor.sleep_for(hours(1), Scope{.stop = source.get_token()});
        detail::TaskAccess::frame(sleeping).resume();
        source.request_stop();  // queues the sleeper, which is gone when its turn comes
    }
    co_await reactor.yield();
}

TEST(SleepFor, DroppedWhileItIsAboutToResumeNeverDoes) {
    Reactor reactor;
    reactor.run(stop_and_drop(reactor, std::stop_source()));
}

Task<void> yield_until(Reactor& reactor, const bool* done) {
    while (!*done) co_await reactor.yield();
}

TEST(Yield, LetsTimersRun) {
    Reactor reactor;
    std::stop_source source;
    bool ended = false;
    const Scope soon = Scope().within(milliseconds(3));
    reactor.run(
        when_all(sleep_and_note(reactor, soon, &ended), [](auto& loop, bool* done) -> Task<int> {
            co_await yield_until(loop, done);
            co_return 0;
        }(reactor, &ended)));
    EXPECT_TRUE(ended);
}

Task<int> note_turns(Reactor& reactor, int name, std::vector<int>* turns) {
    for (int turn = 0; turn < 3; ++turn) {
        turns->push_back(name);
        co_await reactor.yield();
    }
    co_return name;
}

TEST(Yield, TakesTurns) {
    Reactor reactor;
    std::vector<int> turns;
    reactor.run(when_all(note_turns(reactor, 1, &turns), note_turns(reactor, 2, &turns)));
    EXPECT_EQ(turns, (std::vector<int>{1, 2, 1, 2, 1, 2}));
}

TEST(Reactor, RunsOneTaskAfterAnother) {
    Reactor reactor;
    std::vector<int> turns;
    EXPECT_EQ(reactor.run(note_turns(reactor, 1, &turns)), 1);
    EXPECT_EQ(reactor.run(note_turns(reactor, 2, &turns)), 2);
}

TEST(Reactor, LeavesNoDescriptorOpen) {
    {
        const Reactor first;
    }  // libuv opens a pipe for signals with the first loop, for good
    const std::size_t before = open_descriptors();
    for (int i = 0; i < 20; ++i) {
        Reactor reactor;
        std::ignore = reactor.run(reactor.sleep_for(milliseconds(0), Scope()));
    }
    EXPECT_EQ(open_descriptors(), before);
}

struct Never {
    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<>) const {}
    void await_resume() const {}
};

Task<void> wait_for_nothing() {
    Never never;
    co_await never;
}

TEST(ReactorDeathTest, EndsTheProcessRatherThanWaitForNothing) {
    Reactor reactor;
    EXPECT_DEATH(reactor.run(wait_for_nothing()), "nothing on the event loop will do");
}

Task<Result<void>> stop_after_no_time(Reactor* reactor, std::stop_source stop) {
    Result<void> slept = co_await reactor->sleep_for(Milliseconds(0), Scope{});
    stop.request_stop();
    co_return slept;
}

// libuv runs due timers and then waits for I/O, here for an hour.
TEST(Reactor, WhatATimerMadeReadyDoesNotWaitForOtherEvents) {
    Reactor reactor;
    std::stop_source stop;
    auto long_sleep = reactor.sleep_for(std::chrono::hours(1), Scope{stop.get_token()});
    auto no_sleep = stop_after_no_time(&reactor, stop);
    const auto slept = reactor.run(when_all(std::move(long_sleep), std::move(no_sleep)));
    EXPECT_FALSE(std::get<0>(slept));
    EXPECT_TRUE(std::get<1>(slept));
}

}  // namespace
}  // namespace fas::reactor
