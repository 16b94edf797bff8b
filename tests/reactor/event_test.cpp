#include "reactor/event.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "reactor/background.h"
#include "reactor/when_all.h"

namespace fas::reactor {
namespace {

using std::chrono::hours;

// What happened, in order.
using Diary = std::vector<std::string>;

Task<void> wait_and_note(Event& event, Scope scope, Diary& diary, std::string name) {
    const Result<void> waited = co_await event.wait(std::move(scope));
    diary.push_back(name + (waited ? "" : ": " + waited.error().code));
}

Task<int> notify_and_note(Reactor& reactor, Event& event, Diary& diary) {
    event.notify_all();
    diary.emplace_back("notified");
    co_await reactor.yield();
    co_return 0;
}

TEST(Event, EndsTheWaitsThatHaveBegunInOrderAndNotFromInside) {
    Reactor reactor;
    Event event(reactor);
    Diary diary;
    Background first;
    Background second;
    first.start(wait_and_note(event, Scope(), diary, "first"));
    second.start(wait_and_note(event, Scope(), diary, "second"));
    EXPECT_EQ(diary, Diary{});
    reactor.run(notify_and_note(reactor, event, diary));
    EXPECT_EQ(diary, (Diary{"notified", "first", "second"}));
}

TEST(Event, AWaitAfterTheCallWaitsForTheNextOne) {
    Reactor reactor;
    Event event(reactor);
    event.notify_all();
    const auto result = reactor.run(event.wait(Scope().within(Milliseconds(5))));
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, ErrorKind::cancelled);
    EXPECT_EQ(result.error().code, "DeadlinePassed");
    EXPECT_EQ(result.error().message, "deadline passed during a wait for another task");
}

TEST(Event, AStopRequestEndsOneWaitAndLeavesTheOthers) {
    Reactor reactor;
    Event event(reactor);
    std::stop_source source;
    Diary diary;
    Background stopped;
    Background other;
    stopped.start(wait_and_note(event, Scope{.stop = source.get_token()}, diary, "stopped"));
    other.start(wait_and_note(event, Scope(), diary, "other"));
    source.request_stop();
    reactor.run(reactor.yield());
    EXPECT_EQ(diary, Diary{"stopped: Stopped"});
    reactor.run(notify_and_note(reactor, event, diary));
    EXPECT_EQ(diary, (Diary{"stopped: Stopped", "notified", "other"}));
}

TEST(Event, AScopeThatIsOverEndsTheWaitBeforeItBegins) {
    Reactor reactor;
    Event event(reactor);
    std::stop_source source;
    source.request_stop();
    EXPECT_EQ(reactor.run(event.wait(Scope{.stop = source.get_token()})).error().code, "Stopped");
}

TEST(Event, HavingHappenedWinsOverAStopRequestInTheSameTurn) {
    Reactor reactor;
    Event event(reactor);
    std::stop_source source;
    Diary diary;
    Background waiting;
    waiting.start(wait_and_note(event, Scope{.stop = source.get_token()}, diary, "waited"));
    event.notify_all();
    source.request_stop();
    reactor.run(reactor.yield());
    EXPECT_EQ(diary, Diary{"waited"});
}

TEST(Event, AWaiterMayBeDestroyedWhileItWaits) {
    Reactor reactor;
    Event event(reactor);
    Diary diary;
    std::optional<Background> waiting(std::in_place);
    waiting->start(wait_and_note(event, Scope().within(hours(1)), diary, "destroyed"));
    waiting.reset();
    reactor.run(notify_and_note(reactor, event, diary));
    EXPECT_EQ(diary, Diary{"notified"});
}

TEST(Event, AWaiterMayBeDestroyedBetweenTheCallAndItsTurn) {
    Reactor reactor;
    Event event(reactor);
    Diary diary;
    std::optional<Background> destroyed(std::in_place);
    Background other;
    destroyed->start(wait_and_note(event, Scope(), diary, "destroyed"));
    other.start(wait_and_note(event, Scope(), diary, "other"));
    event.notify_all();
    destroyed.reset();
    reactor.run(reactor.yield());
    EXPECT_EQ(diary, Diary{"other"});
}

TEST(Event, MayGoBeforeThoseItHasReachedHaveTheirTurn) {
    Reactor reactor;
    auto event = std::make_unique<Event>(reactor);
    Diary diary;
    Background waiting;
    waiting.start(wait_and_note(*event, Scope(), diary, "waited"));
    event->notify_all();
    event.reset();
    reactor.run(reactor.yield());
    EXPECT_EQ(diary, Diary{"waited"});
}

Task<void> wait_twice(Event& event, Diary& diary) {
    for (const char* name : {"once", "twice"}) {
        std::ignore = co_await event.wait(Scope());
        diary.emplace_back(name);
    }
}

TEST(Event, AWaiterMayWaitAgain) {
    Reactor reactor;
    Event event(reactor);
    Diary diary;
    Background waiting;
    waiting.start(wait_twice(event, diary));
    reactor.run(notify_and_note(reactor, event, diary));
    reactor.run(notify_and_note(reactor, event, diary));
    EXPECT_EQ(diary, (Diary{"notified", "once", "notified", "twice"}));
    EXPECT_FALSE(waiting.running());
}

}  // namespace
}  // namespace fas::reactor
