// Several queues of one target: read at once, and what is lacking of them told.
#include "engine/target_backlog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fas::engine {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using Depth = Result<scaling::QueueDepth>;

const TimePoint noon = *parse_iso8601("2026-11-25T12:00:00Z");

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

class TargetBacklogTest : public testing::Test {
  protected:
    TargetQueue queue(const std::string& name, Depth depth, double weight = 1) {
        auto source = std::make_unique<FixedSource>(std::move(depth));
        return {std::make_shared<SharedQueue>(std::move(source), name, reactor_), weight};
    }

    TargetBacklog::Reading read(std::vector<TargetQueue> queues, scaling::Combine how,
                                std::optional<Seconds> age_max = std::nullopt) {
        TargetBacklog backlog{std::move(queues), how, age_max};
        return reactor_.run(backlog.read(std::chrono::steady_clock::now(), noon, {}));
    }

    reactor::Reactor reactor_;
};

TEST_F(TargetBacklogTest, AddsQueuesUpByTheirWeights) {
    const auto reading = read({queue("a", scaling::QueueDepth{Messages{10}, Messages{1}}, 2),
                               queue("b", scaling::QueueDepth{Messages{5}, Messages{3}})},
                              scaling::Combine::sum);
    EXPECT_EQ(reading.depth.visible, Messages{25});
    EXPECT_EQ(reading.depth.in_flight, Messages{5});
    EXPECT_TRUE(reading.errors.empty());
}

TEST_F(TargetBacklogTest, GoesByTheFullestOfThem) {
    const auto reading = read({queue("a", scaling::QueueDepth{Messages{10}, Messages{1}}),
                               queue("b", scaling::QueueDepth{Messages{5}, Messages{3}})},
                              scaling::Combine::max);
    EXPECT_EQ(reading.depth.visible, Messages{10});
    EXPECT_EQ(reading.depth.in_flight, Messages{3});
}

TEST_F(TargetBacklogTest, OneThatFailsLeavesTheLeastThereCanBe) {
    const auto reading = read(
        {queue("a", scaling::QueueDepth{Messages{10}, Messages{0}}), queue("b", unreachable())},
        scaling::Combine::sum);
    EXPECT_EQ(reading.depth.visible, Messages{10});
    EXPECT_THAT(reading.depth.missing, AllOf(HasSubstr("b: "), HasSubstr("connection refused")));
    ASSERT_EQ(reading.errors.size(), 1U);
    EXPECT_EQ(reading.errors[0].code, "ConnectFailed");
}

TEST_F(TargetBacklogTest, WhereAllFailNothingIsKnown) {
    for (const std::size_t count : {1U, 2U}) {
        std::vector<TargetQueue> queues;
        for (std::size_t i = 0; i < count; ++i) queues.push_back(queue("b", unreachable()));
        const auto reading = read(std::move(queues), scaling::Combine::max);
        EXPECT_EQ(reading.depth.visible, std::nullopt);
        EXPECT_THAT(reading.depth.missing, HasSubstr("connection refused"));
        EXPECT_EQ(reading.errors.size(), count);
    }
}

TEST_F(TargetBacklogTest, AReadingThatIsTooOldIsLikeNone) {
    const scaling::QueueDepth old{.visible = Messages{10},
                                  .in_flight = Messages{0},
                                  .measured_at = noon - std::chrono::minutes{10}};
    const scaling::QueueDepth fresh{.visible = Messages{3},
                                    .in_flight = Messages{0},
                                    .measured_at = noon - std::chrono::seconds{5}};
    const auto alone = read({queue("a", old)}, scaling::Combine::max, Seconds{60});
    EXPECT_EQ(alone.depth.visible, std::nullopt);
    ASSERT_EQ(alone.errors.size(), 1U);
    EXPECT_EQ(alone.errors[0].code, "StaleQueue");
    EXPECT_THAT(alone.errors[0].message,
                AllOf(HasSubstr("queue a"), HasSubstr("600 s ago"), HasSubstr("queue_age_max")));

    const auto both =
        read({queue("a", old), queue("b", fresh)}, scaling::Combine::max, Seconds{60});
    EXPECT_EQ(both.depth.visible, Messages{3});
    EXPECT_THAT(both.depth.missing, HasSubstr("600 s ago"));

    EXPECT_EQ(read({queue("a", old)}, scaling::Combine::max).depth.visible, Messages{10});
}

}  // namespace
}  // namespace fas::engine
