#include "reactor/when_all.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "reactor/reactor.h"

namespace fas::reactor {
namespace {

using Events = std::vector<std::string>;

// Notes when it starts and when it ends, `rounds` turns of the loop later.
Task<std::string> note(Reactor& reactor, Events* events, std::string name, int rounds) {
    events->push_back(name + " starts");
    for (int round = 0; round < rounds; ++round) co_await reactor.yield();
    events->push_back(name + " ends");
    co_return name;
}

Task<int> value_of(int value) { co_return value; }
Task<std::unique_ptr<int>> pointer_to(int value) { co_return std::make_unique<int>(value); }
Task<Result<void>> failure() { co_return Error{.kind = ErrorKind::denied}; }

TEST(WhenAll, StartsAllBeforeWaitingForAny) {
    Reactor reactor;
    Events events;
    const auto [a, b] =
        reactor.run(when_all(note(reactor, &events, "a", 2), note(reactor, &events, "b", 1)));
    EXPECT_EQ(events, (Events{"a starts", "b starts", "b ends", "a ends"}));
    EXPECT_EQ(a, "a");
    EXPECT_EQ(b, "b");
}

TEST(WhenAll, KeepsEachValueInItsPlaceAndType) {
    Reactor reactor;
    auto [number, pointer, failed] = reactor.run(when_all(value_of(1), pointer_to(2), failure()));
    EXPECT_EQ(number, 1);
    EXPECT_EQ(*pointer, 2);
    EXPECT_EQ(failed.error().kind, ErrorKind::denied);
}

TEST(WhenAll, OneFailureLeavesTheOthersToFinish) {
    Reactor reactor;
    Events events;
    reactor.run(when_all(failure(), note(reactor, &events, "a", 3)));
    EXPECT_EQ(events.back(), "a ends");
}

TEST(WhenAll, OfAVectorKeepsTheOrder) {
    Reactor reactor;
    Events events;
    std::vector<Task<std::string>> tasks;
    for (int i = 0; i < 50; ++i) {
        tasks.push_back(note(reactor, &events, std::to_string(i), 1 + i % 3));
    }
    const std::vector<std::string> values = reactor.run(when_all(std::move(tasks)));
    ASSERT_EQ(values.size(), 50U);
    for (int i = 0; i < 50; ++i) {
        EXPECT_EQ(values[static_cast<std::size_t>(i)], std::to_string(i));
    }
    EXPECT_EQ(events[49], "49 starts");
}

TEST(WhenAll, OfNothingFinishes) {
    Reactor reactor;
    EXPECT_TRUE(reactor.run(when_all(std::vector<Task<int>>())).empty());
    EXPECT_EQ(reactor.run(when_all()), std::tuple<>());
}

TEST(WhenAll, OfManyThatNeverWaitFinishes) {
    Reactor reactor;
    std::vector<Task<int>> tasks;
    for (int i = 0; i < 10'000; ++i) tasks.push_back(value_of(i));
    EXPECT_EQ(reactor.run(when_all(std::move(tasks))).back(), 9'999);
}

Task<void> start_both_and_drop(Reactor& reactor, Events* events) {
    const auto both =
        when_all(note(reactor, events, "a", 1'000), note(reactor, events, "b", 1'000));
    detail::TaskAccess::frame(both).resume();
    co_await reactor.yield();
}

TEST(WhenAll, DestroyedEarlyDestroysItsTasks) {
    Reactor reactor;
    Events events;
    reactor.run(start_both_and_drop(reactor, &events));
    EXPECT_EQ(events, (Events{"a starts", "b starts"}));
}

}  // namespace
}  // namespace fas::reactor
