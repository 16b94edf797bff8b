#include "reactor/task.h"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <tuple>

#include "base/result.h"
#include "reactor/reactor.h"

namespace fas::reactor {
namespace {

Task<int> set_and_return(bool* ran) {
    *ran = true;
    co_return 7;
}

TEST(Task, RunsOnlyWhenAwaited) {
    Reactor reactor;
    bool ran = false;
    Task<int> task = set_and_return(&ran);
    EXPECT_FALSE(ran);
    EXPECT_EQ(reactor.run(std::move(task)), 7);
    EXPECT_TRUE(ran);
}

TEST(Task, NeverRunsWhenDestroyedUnawaited) {
    bool ran = false;
    {
        const Task<int> task = set_and_return(&ran);
    }
    EXPECT_FALSE(ran);
}

Task<std::unique_ptr<std::string>> make_move_only() {
    co_return std::make_unique<std::string>("moved");
}

Task<std::string> await_named_and_unnamed() {
    auto task = make_move_only();
    const auto first = co_await std::move(task);
    const auto second = co_await make_move_only();
    co_return *first + *second;
}

TEST(Task, YieldsMoveOnlyValuesToANamedOrUnnamedAwait) {
    Reactor reactor;
    EXPECT_EQ(reactor.run(await_named_and_unnamed()), "movedmoved");
}

Task<Result<int>> half(int number) {
    if (number % 2 != 0) co_return Error{.kind = ErrorKind::invalid, .message = "odd"};
    co_return number / 2;
}

Task<Result<void>> check_half(int number) {
    const Result<int> result = co_await half(number);
    if (!result) co_return result.error();
    co_return {};
}

TEST(Task, YieldsResults) {
    Reactor reactor;
    EXPECT_EQ(*reactor.run(half(8)), 4);
    EXPECT_TRUE(reactor.run(check_half(8)));
    EXPECT_EQ(reactor.run(check_half(3)).error().message, "odd");
}

struct NoDefault {
    explicit NoDefault(int given) : number(given) {}
    int number;
};

Task<NoDefault> make_without_default() { co_return NoDefault(5); }

TEST(Task, YieldsValuesThatHaveNoDefault) {
    Reactor reactor;
    EXPECT_EQ(reactor.run(make_without_default()).number, 5);
}

Task<int> await_each(int rounds) {
    int sum = 0;
    for (int round = 0; round < rounds; ++round) {
        bool ran = false;
        sum += co_await set_and_return(&ran);
    }
    co_return sum;
}

TEST(Task, LoopOfAwaitsThatNeverWaitUsesNoStack) {
    Reactor reactor;
    EXPECT_EQ(reactor.run(await_each(1'000'000)), 7'000'000);
}

Task<void> yield_each(Reactor& reactor, int rounds) {
    for (int round = 0; round < rounds; ++round) co_await reactor.yield();
}

TEST(Task, LoopOfYieldsUsesNoStack) {
    Reactor reactor;
    reactor.run(yield_each(reactor, 100'000));
}

Task<int> nested(Reactor& reactor, int depth) {
    if (depth == 0) {
        co_await reactor.yield();
        co_return 0;
    }
    co_return 1 + co_await nested(reactor, depth - 1);
}

TEST(Task, ValueTravelsUpThroughManyAwaiters) {
    Reactor reactor;
    EXPECT_EQ(reactor.run(nested(reactor, 500)), 500);
}

struct CountDestruction {
    int* count;
    ~CountDestruction() { ++*count; }
};

Task<void> wait_forever(Reactor& reactor, int* destroyed) {
    const CountDestruction local{destroyed};
    std::ignore = co_await reactor.sleep_for(std::chrono::hours(1), Scope());
}

Task<void> await_another(Reactor& reactor, int* destroyed) {
    const CountDestruction local{destroyed};
    co_await wait_forever(reactor, destroyed);
}

// Starts a task as when_all does, and drops it while it waits.
Task<void> start_and_drop(Reactor& reactor, int* destroyed) {
    const Task<void> task = await_another(reactor, destroyed);
    detail::TaskAccess::frame(task).resume();
    co_await reactor.yield();
    EXPECT_EQ(*destroyed, 0);
}

TEST(Task, DestroyingAWaitingTaskDestroysWhatItAwaitsAndItsLocals) {
    Reactor reactor;
    int destroyed = 0;
    reactor.run(start_and_drop(reactor, &destroyed));
    EXPECT_EQ(destroyed, 2);
}

TEST(Task, AssignmentDestroysTheTaskThatWasThere) {
    Reactor reactor;
    bool first_ran = false;
    bool second_ran = false;
    Task<int> task = set_and_return(&first_ran);
    task = set_and_return(&second_ran);
    reactor.run(std::move(task));
    EXPECT_FALSE(first_ran);
    EXPECT_TRUE(second_ran);
}

Task<void> fail_with_exception() {
    throw std::runtime_error("nobody catches this");
    co_return;
}

TEST(TaskDeathTest, ExceptionThatLeavesACoroutineEndsTheProcess) {
    Reactor reactor;
    EXPECT_DEATH(reactor.run(fail_with_exception()), "nobody catches this");
}

}  // namespace
}  // namespace fas::reactor
