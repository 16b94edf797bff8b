#include "reactor/off_loop.h"

#include <gtest/gtest.h>

#include <latch>
#include <memory>
#include <thread>

#include "reactor/event.h"

namespace fas::reactor {
namespace {

TEST(OffLoop, RunsOnAnotherThread) {
    Reactor reactor;
    auto ran_on = std::make_shared<std::thread::id>();
    const auto job = [ran_on] { *ran_on = std::this_thread::get_id(); };
    EXPECT_TRUE(reactor.run(off_loop(&reactor, job, Scope{})));
    EXPECT_NE(*ran_on, std::thread::id{});
    EXPECT_NE(*ran_on, std::this_thread::get_id());
}

TEST(OffLoop, WhoLeavesDoesNotWaitForTheJob) {
    Reactor reactor;
    const auto go_on = std::make_shared<std::latch>(1);
    const auto ended = std::make_shared<std::latch>(1);
    const auto job = [go_on, ended] {
        go_on->wait();
        ended->count_down();
    };
    const auto left = reactor.run(off_loop(&reactor, job, Scope{}.within(Milliseconds{1})));
    ASSERT_FALSE(left);
    EXPECT_EQ(left.error().kind, ErrorKind::cancelled);
    go_on->count_down();
    ended->wait();
    EXPECT_TRUE(reactor.run(off_loop(&reactor, [] {}, Scope{})));
}

TEST(OffLoop, BeginsNothingWhenItsTimeIsOver) {
    Reactor reactor;
    const auto ran = std::make_shared<bool>(false);
    EXPECT_FALSE(
        reactor.run(off_loop(&reactor, [ran] { *ran = true; }, Scope{}.within(Milliseconds{0}))));
    EXPECT_FALSE(*ran);
}

}  // namespace
}  // namespace fas::reactor
