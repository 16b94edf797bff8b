// Several queues of one target: read at once, and what is lacking of them told.
#include "engine/target_queues.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace fas::engine {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using Depth = Result<scaling::QueueDepth>;

class FixedSource final : public QueueSource {
  public:
    explicit FixedSource(Depth depth) : depth_(std::move(depth)) {}

    reactor::Task<Depth> read(reactor::Scope) override { co_return depth_; }

  private:
    Depth depth_;
};

Error unreachable() {
    return {.kind = ErrorKind::retryable,
            .message = "cannot read the depth of queue b: connection refused",
            .code = "ConnectFailed"};
}

class TargetQueuesTest : public testing::Test {
  protected:
    TargetQueue queue(const std::string& name, Depth depth, double weight = 1) {
        auto source = std::make_unique<FixedSource>(std::move(depth));
        return {std::make_shared<SharedQueue>(std::move(source), name, reactor_), weight};
    }

    TargetQueues::Reading read(std::vector<TargetQueue> queues) {
        TargetQueues all{std::move(queues)};
        return reactor_.run(all.read(std::chrono::steady_clock::now(), {}));
    }

    reactor::Reactor reactor_;
};

TEST_F(TargetQueuesTest, ReadsEachInItsPlace) {
    const auto reading = read({queue("a", scaling::QueueDepth{Messages{10}, Messages{1}}, 2),
                               queue("b", scaling::QueueDepth{Messages{5}, Messages{3}})});
    ASSERT_EQ(reading.parts.size(), 2U);
    EXPECT_EQ(reading.parts[0].name, "a");
    EXPECT_EQ(reading.parts[0].weight, 2);
    EXPECT_EQ(reading.parts[0].depth->visible, Messages{10});
    EXPECT_EQ(reading.parts[1].name, "b");
    EXPECT_EQ(reading.parts[1].depth->in_flight, Messages{3});
    EXPECT_TRUE(reading.errors.empty());
}

TEST_F(TargetQueuesTest, TellsWhyOneCouldNotBeRead) {
    const auto reading = read(
        {queue("a", scaling::QueueDepth{Messages{10}, Messages{0}}), queue("b", unreachable())});
    EXPECT_TRUE(reading.parts[0].known());
    EXPECT_FALSE(reading.parts[1].known());
    EXPECT_THAT(reading.parts[1].why, HasSubstr("connection refused"));
    ASSERT_EQ(reading.errors.size(), 1U);
    EXPECT_EQ(reading.errors[0].code, "ConnectFailed");
}

TEST_F(TargetQueuesTest, WhereAllFailThereAreAsManyErrors) {
    for (const std::size_t count : {1U, 2U}) {
        std::vector<TargetQueue> queues;
        for (std::size_t i = 0; i < count; ++i) queues.push_back(queue("b", unreachable()));
        EXPECT_EQ(read(std::move(queues)).errors.size(), count);
    }
}

TEST_F(TargetQueuesTest, OneAloneNeedsNoName) {
    EXPECT_EQ(read({queue("a", unreachable())}).parts[0].name, "");
    EXPECT_TRUE(read({}).parts.empty());
}

TEST_F(TargetQueuesTest, AStaleReadingIsAnErrorThatSaysWhatToDo) {
    const TargetQueues all{{queue("a", unreachable()), queue("b", unreachable())}};
    const Error error = all.error_of({.index = 1, .why = "it was measured 600 s ago"});
    EXPECT_EQ(error.kind, ErrorKind::retryable);
    EXPECT_EQ(error.code, "StaleQueue");
    EXPECT_THAT(error.message,
                AllOf(HasSubstr("queue b"), HasSubstr("600 s ago"), HasSubstr("queue_age_max")));
}

}  // namespace
}  // namespace fas::engine
