#include "reactor/signals.h"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>

#include "reactor/reactor.h"

namespace fas::reactor {
namespace {

Result<void> sleep_until(Reactor& reactor, std::stop_token stop) {
    return reactor.run(reactor.sleep_for(std::chrono::hours(1), Scope{.stop = std::move(stop)}));
}

class SignalWatcherTest : public testing::TestWithParam<int> {};

TEST_P(SignalWatcherTest, FirstSignalAsksToFinishAndTheSecondToAbort) {
    Reactor reactor;
    const SignalWatcher watcher(reactor);
    EXPECT_EQ(watcher.last_signal(), 0);

    ::raise(GetParam());
    EXPECT_EQ(sleep_until(reactor, watcher.finish()).error().code, "Stopped");
    EXPECT_EQ(watcher.last_signal(), GetParam());
    EXPECT_FALSE(watcher.abort().stop_requested());

    ::raise(GetParam());
    EXPECT_EQ(sleep_until(reactor, watcher.abort()).error().code, "Stopped");
}

INSTANTIATE_TEST_SUITE_P(, SignalWatcherTest, testing::Values(SIGINT, SIGTERM));

TEST(SignalWatcher, GivesTheSignalsBackWhenItEnds) {
    EXPECT_EXIT(
        {
            Reactor reactor;
            {
                const SignalWatcher watcher(reactor);
            }
            ::raise(SIGTERM);
        },
        testing::KilledBySignal(SIGTERM), "");
}

}  // namespace
}  // namespace fas::reactor
