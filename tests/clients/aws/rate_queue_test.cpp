#include "clients/aws/rate_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>

#include "reactor/background.h"

namespace fas::clients {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

using std::chrono::hours;
using std::chrono::seconds;

SteadyTime hand_time;

class RateQueueTest : public ::testing::Test {
  protected:
    // After a thousand calls, the limit is some hundreds a second.
    void throttle(RateQueue& queue) {
        for (int i = 0; i < 1'000; ++i) EXPECT_TRUE(take_turn(queue, reactor::Scope{}));
        queue.throttled("ListTasks", queue.now());
        EXPECT_TRUE(take_turn(queue, reactor::Scope{})) << "there is one token";
    }

    Result<void> take_turn(RateQueue& queue, reactor::Scope scope) {
        return reactor_.run(queue.wait_turn("ListTasks", std::move(scope)));
    }

    reactor::Task<void> wait_and_note(RateQueue* queue, reactor::Scope scope, int number) {
        auto turn = co_await queue->wait_turn("ListTasks", std::move(scope));
        order_.push_back(turn ? number : -number);
    }

    // Time goes on by hand, so that a slow machine gives no turn sooner.
    void run_until_ended(const reactor::Background& call) {
        while (call.running()) {
            hand_time += Milliseconds{10};
            reactor_.run(reactor_.yield());
        }
    }

    std::string logged() {
        std::rewind(file_.get());
        std::string text(4096, '\0');
        text.resize(std::fread(text.data(), 1, text.size(), file_.get()));
        return text;
    }

    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_{std::tmpfile(), &std::fclose};
    Logger log_{LogLevel::info, file_.get()};
    reactor::Reactor reactor_;
    std::vector<int> order_;
};

TEST_F(RateQueueTest, LetsTheWaitingThroughInOrderOfArrival) {
    hand_time = SteadyTime{hours{1}};
    RateQueue queue{reactor_, log_, "ECS", [] { return hand_time; }};
    throttle(queue);
    std::stop_source stop;
    std::list<reactor::Background> calls;
    for (int number = 1; number <= 5; ++number) {
        const reactor::Scope scope{.stop = number == 3 ? stop.get_token() : std::stop_token{}};
        calls.emplace_back().start(wait_and_note(&queue, scope, number));
    }
    std::optional<reactor::Background> destroyed(std::in_place);
    destroyed->start(wait_and_note(&queue, reactor::Scope{}, 6));
    reactor::Background last;
    last.start(wait_and_note(&queue, reactor::Scope{}, 7));
    EXPECT_THAT(order_, IsEmpty());

    stop.request_stop();
    destroyed.reset();
    run_until_ended(last);
    EXPECT_THAT(order_, ElementsAre(-3, 1, 2, 4, 5, 7));
}

TEST_F(RateQueueTest, TheNextGoesOnWhenTheFirstIsDestroyed) {
    hand_time = SteadyTime{hours{1}};
    RateQueue queue{reactor_, log_, "ECS", [] { return hand_time; }};
    throttle(queue);
    std::optional<reactor::Background> first(std::in_place);
    first->start(wait_and_note(&queue, reactor::Scope{}, 1));
    reactor::Background second;
    second.start(wait_and_note(&queue, reactor::Scope{}, 2));
    first.reset();
    run_until_ended(second);
    EXPECT_THAT(order_, ElementsAre(2));
}

TEST_F(RateQueueTest, AWaitEndsWithItsScope) {
    hand_time = SteadyTime{hours{1}};
    RateQueue queue{reactor_, log_, "ECS", [] { return hand_time; }};
    throttle(queue);
    reactor::Background before;
    before.start(wait_and_note(&queue, reactor::Scope{}, 1));
    const auto turn = take_turn(queue, reactor::Scope{}.within(Milliseconds{5}));
    ASSERT_FALSE(turn);
    EXPECT_EQ(turn.error().kind, ErrorKind::cancelled);
    EXPECT_EQ(turn.error().service, "ECS");
    EXPECT_THAT(turn.error().message, HasSubstr("ListTasks"));
}

TEST_F(RateQueueTest, OneOperationsLimitIsNotAnothers) {
    hand_time = SteadyTime{hours{1}};
    RateQueue queue{reactor_, log_, "ECS", [] { return hand_time; }};
    throttle(queue);
    for (int i = 0; i < 10; ++i) {
        EXPECT_TRUE(
            reactor_.run(queue.wait_turn("ListServices", reactor::Scope{}.within(seconds{60}))));
    }
}

TEST_F(RateQueueTest, SaysWhenALimitIsSetAndWhenItGoes) {
    hand_time = SteadyTime{hours{1}};
    RateQueue queue{reactor_, log_, "ECS", [] { return hand_time; }};
    throttle(queue);
    EXPECT_THAT(logged(),
                HasSubstr(R"("level":"info","message":"the service throttles: its calls are )"
                          R"(limited","service":"ECS","operation":"ListTasks",)"
                          R"("calls_per_second":700)"));
    EXPECT_THAT(logged(), Not(HasSubstr("not limited")));
    hand_time += seconds{61};
    EXPECT_TRUE(take_turn(queue, reactor::Scope{}));
    EXPECT_THAT(logged(), AllOf(HasSubstr("not limited"), HasSubstr("\"ListTasks\"")));
}

}  // namespace
}  // namespace fas::clients
