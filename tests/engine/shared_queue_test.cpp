// Who shares which reading. The source is stood in for, so that a test says when it answers.
#include "engine/shared_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stop_token>
#include <vector>

#include "reactor/when_all.h"

namespace fas::engine {
namespace {

using Depth = Result<scaling::QueueDepth>;

// Answers with the number of the reading, when it is told to.
class SlowSource final : public QueueSource {
  public:
    explicit SlowSource(reactor::Reactor& reactor) : answer_(reactor) {}

    reactor::Task<Depth> read(reactor::Scope scope) override {
        const std::int64_t number = ++readings;
        if (!at_once) {
            const auto waited = co_await answer_.wait(std::move(scope));
            if (!waited) co_return waited.error();
        }
        if (failure) co_return *failure;
        co_return scaling::QueueDepth{Messages{number}, Messages{0}};
    }
    void answer() { answer_.notify_all(); }

    std::int64_t readings = 0;
    bool at_once = false;
    std::optional<Error> failure;

  private:
    reactor::Event answer_;
};

class SharedQueueTest : public ::testing::Test {
  protected:
    SharedQueueTest() {
        auto source = std::make_unique<SlowSource>(reactor_);
        source_ = source.get();
        queue_.emplace(std::move(source), "orders", reactor_);
    }

    static SteadyTime now() { return std::chrono::steady_clock::now(); }

    reactor::Task<Result<void>> let_it_answer() {
        co_await reactor_.yield();
        source_->answer();
        co_return Result<void>{};
    }

    std::int64_t visible(const Depth& depth) const { return depth->visible->value; }

    reactor::Reactor reactor_;
    SlowSource* source_ = nullptr;
    std::optional<SharedQueue> queue_;
};

TEST_F(SharedQueueTest, ThoseWhoAskMeanwhileShareAReading) {
    const SteadyTime since = now();
    auto first = queue_->read(since, {});
    auto second = queue_->read(since, {});
    auto [a, b, answered] =
        reactor_.run(reactor::when_all(std::move(first), std::move(second), let_it_answer()));
    EXPECT_EQ(visible(a), 1);
    EXPECT_EQ(visible(b), 1);
    EXPECT_EQ(source_->readings, 1);
}

TEST_F(SharedQueueTest, AReadingServesThoseWhoAskForNoneThatIsYounger) {
    source_->at_once = true;
    const SteadyTime before = now();
    EXPECT_EQ(visible(reactor_.run(queue_->read(before, {}))), 1);
    EXPECT_EQ(visible(reactor_.run(queue_->read(before, {}))), 1);
    EXPECT_EQ(visible(reactor_.run(queue_->read(now(), {}))), 2);
}

TEST_F(SharedQueueTest, AFailedReadingIsShared) {
    source_->at_once = true;
    source_->failure = Error{.kind = ErrorKind::throttled, .message = "slow down"};
    const SteadyTime since = now();
    EXPECT_EQ(reactor_.run(queue_->read(since, {})).error().kind, ErrorKind::throttled);
    EXPECT_EQ(reactor_.run(queue_->read(since, {})).error().message, "slow down");
    EXPECT_EQ(source_->readings, 1);
}

TEST_F(SharedQueueTest, WhoAsksForAYoungerReadingThanTheOneUnderWayGetsTheNext) {
    auto older = queue_->read(now(), {});
    auto younger = [](SharedQueue* queue, reactor::Reactor* reactor) -> reactor::Task<Depth> {
        co_await reactor->yield();
        co_return co_await queue->read(std::chrono::steady_clock::now(), {});
    }(&*queue_, &reactor_);
    auto answers = [](SlowSource* source, reactor::Reactor* reactor) -> reactor::Task<int> {
        while (source->readings < 1) co_await reactor->yield();
        co_await reactor->yield();
        source->answer();
        while (source->readings < 2) co_await reactor->yield();
        source->answer();
        co_return 0;
    }(source_, &reactor_);
    auto [a, b, answered] =
        reactor_.run(reactor::when_all(std::move(older), std::move(younger), std::move(answers)));
    EXPECT_EQ(visible(a), 1);
    EXPECT_EQ(visible(b), 2);
}

// After a freeze the connection that it waits for may be dead.
TEST_F(SharedQueueTest, AReadingThatNobodyWaitsForHoldsUpNobody) {
    std::stop_source stop;
    stop.request_stop();
    const Error error = reactor_.run(queue_->read(now(), {stop.get_token()})).error();
    EXPECT_EQ(error.kind, ErrorKind::cancelled);
    EXPECT_THAT(error.message, testing::HasSubstr("queue orders"));
    auto asked = queue_->read(now(), {});
    auto [depth, answered] = reactor_.run(reactor::when_all(std::move(asked), let_it_answer()));
    EXPECT_EQ(visible(depth), 2);
}

}  // namespace
}  // namespace fas::engine
