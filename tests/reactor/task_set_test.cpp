#include "reactor/task_set.h"

#include <gtest/gtest.h>

#include "reactor/loop_time.h"

namespace fas::reactor {
namespace {

class TaskSetTest : public ::testing::Test {
  protected:
    Task<void> sleep(Milliseconds duration) {
        const auto slept = co_await reactor_.sleep_for(duration, Scope{});
        ended_ += slept ? 1 : 0;
    }

    SimulatedTime time_;
    Reactor reactor_;
    int ended_ = 0;
};

TEST_F(TaskSetTest, RunsTasksBesideEachOther) {
    TaskSet tasks{reactor_};
    const SteadyTime began = now();
    for (int i = 1; i <= 3; ++i) tasks.start(sleep(Milliseconds{i * 100}));
    EXPECT_EQ(tasks.running(), 3U);
    EXPECT_TRUE(reactor_.run(tasks.wait_for_one(Scope{})));
    EXPECT_EQ(tasks.running(), 2U);
    EXPECT_EQ(now() - began, Milliseconds{100});
    reactor_.run(tasks.wait_for_all());
    EXPECT_EQ(tasks.running(), 0U);
    EXPECT_EQ(now() - began, Milliseconds{300});
    EXPECT_EQ(ended_, 3);
}

TEST_F(TaskSetTest, ATaskThatEndsAtOnceNeedsNoWait) {
    TaskSet tasks{reactor_};
    tasks.start([]() -> Task<void> { co_return; }());
    EXPECT_EQ(tasks.running(), 0U);
    reactor_.run(tasks.wait_for_all());
}

TEST_F(TaskSetTest, AWaitEndsWithItsScope) {
    TaskSet tasks{reactor_};
    tasks.start(sleep(Milliseconds{1'000}));
    const auto waited = reactor_.run(tasks.wait_for_one(Scope{}.within(Milliseconds{10})));
    ASSERT_FALSE(waited);
    EXPECT_EQ(waited.error().kind, ErrorKind::cancelled);
    EXPECT_EQ(tasks.running(), 1U);
}

TEST_F(TaskSetTest, DestroysWhatHasNotFinished) {
    {
        TaskSet tasks{reactor_};
        tasks.start(sleep(Milliseconds{1'000}));
    }
    EXPECT_TRUE(reactor_.run(reactor_.sleep_for(Milliseconds{2'000}, Scope{})));
    EXPECT_EQ(ended_, 0);
}

}  // namespace
}  // namespace fas::reactor
