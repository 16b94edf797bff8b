#include "adapters/queues/kafka/lag.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace fas::adapters {
namespace {

using clients::PartitionOffsets;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using namespace std::chrono_literals;

PartitionOffsets partition(std::int32_t number, std::optional<std::int64_t> committed,
                           std::int64_t begin, std::int64_t end) {
    return {"orders", number, committed, begin, end};
}

class KafkaLagTest : public ::testing::Test {
  protected:
    scaling::QueueDepth depth(const std::vector<PartitionOffsets>& offsets) {
        return lag_.depth(offsets, now_);
    }
    void rules(KafkaLagRules rules) { lag_ = KafkaLag(rules); }

    KafkaLag lag_{KafkaLagRules{}};
    SteadyTime now_{100h};
};

TEST_F(KafkaLagTest, IsTheSumOfWhatThePartitionsHaveBehindTheirCommits) {
    const auto seen =
        depth({partition(0, 10, 0, 10), partition(1, 4, 0, 10), partition(2, 0, 0, 7)});
    EXPECT_EQ(seen.visible, Messages{13});
    EXPECT_EQ(seen.in_flight, Messages{0});
    EXPECT_FALSE(seen.measured_at);
    EXPECT_THAT(seen.estimated_from, IsEmpty());
    EXPECT_THAT(seen.missing, IsEmpty());
}

TEST_F(KafkaLagTest, ASumBeyondWhatCanBeCountedIsTheGreatestThereIs) {
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    EXPECT_EQ(depth({partition(0, 0, 0, most), partition(1, 0, 0, 5)}).visible, Messages{most});
    rules({.from_earliest = true});
    const auto seen =
        depth({partition(0, std::nullopt, -5, most), partition(1, std::nullopt, 0, 5)});
    EXPECT_EQ(seen.visible, Messages{most});
}

TEST_F(KafkaLagTest, OfAPartitionThatWasNotAskedForItsBeginTheCommitIsTaken) {
    PartitionOffsets at = partition(0, 10, 0, 10);
    at.begin.reset();
    EXPECT_EQ(depth({at}).visible, Messages{0});
}

TEST_F(KafkaLagTest, APartitionWithoutACommitCountsOneWithLatest) {
    const auto seen = depth({partition(0, std::nullopt, 5, 500), partition(1, std::nullopt, 0, 9),
                             partition(2, 8, 0, 10)});
    EXPECT_EQ(seen.visible, Messages{4});
    EXPECT_THAT(seen.estimated_from, HasSubstr("orders-0 and 1 more"));
    EXPECT_THAT(seen.estimated_from, HasSubstr("committed nothing"));
}

TEST_F(KafkaLagTest, APartitionThatHoldsNothingCountsNothing) {
    const std::vector<PartitionOffsets> offsets{
        partition(0, std::nullopt, 0, 0), partition(1, std::nullopt, 7, 7), partition(2, 9, 5, 5)};
    const auto seen = depth(offsets);
    EXPECT_EQ(seen.visible, Messages{0});
    EXPECT_THAT(seen.estimated_from, HasSubstr("committed nothing")) << "it may be mistyped";
    rules({.from_earliest = true});
    EXPECT_EQ(depth(offsets).visible, Messages{0});
}

TEST_F(KafkaLagTest, OrNothingWhereThatIsAskedFor) {
    rules({.without_commit = 0});
    EXPECT_EQ(depth({partition(0, std::nullopt, 5, 500)}).visible, Messages{0});
}

TEST_F(KafkaLagTest, APartitionWithoutACommitCountsAllItHoldsWithEarliest) {
    rules({.from_earliest = true});
    EXPECT_EQ(depth({partition(0, std::nullopt, 5, 500)}).visible, Messages{495});
}

TEST_F(KafkaLagTest, ACommitBeyondTheEndIsNoCommit) {
    const std::vector<PartitionOffsets> made_anew{partition(0, 1000, 0, 3)};
    const auto seen = depth(made_anew);
    EXPECT_EQ(seen.visible, Messages{1});
    EXPECT_THAT(seen.estimated_from, HasSubstr("orders-0: the group's offset is outside"));
    rules({.from_earliest = true});
    EXPECT_EQ(depth(made_anew).visible, Messages{3});
}

TEST_F(KafkaLagTest, ACommitBeforeTheBeginIsNone) {
    const std::vector<PartitionOffsets> expired{partition(0, 5, 1000, 1010)};
    EXPECT_EQ(depth(expired).visible, Messages{1}) << "not the 1005 of which 995 are gone";
    rules({.from_earliest = true});
    EXPECT_EQ(depth(expired).visible, Messages{10});
}

TEST_F(KafkaLagTest, LagThatDoesNotMoveCountsForeverUnlessAskedOtherwise) {
    for (int hour = 0; hour < 3; ++hour, now_ += 1h) {
        EXPECT_EQ(depth({partition(0, 4, 0, 5)}).visible, Messages{1});
    }
}

TEST_F(KafkaLagTest, LagThatDoesNotMoveIsStuckAfterItsTime) {
    rules({.persistent_after = 60s});
    const auto both = [](std::int64_t moving) {
        return std::vector{partition(0, 4, 0, 9), partition(1, moving, 0, 100)};
    };
    const auto first = depth(both(10));
    EXPECT_EQ(first.visible, Messages{95});
    EXPECT_THAT(first.estimated_from,
                HasSubstr("is told once this process has watched it for 60 s"));
    now_ += 59s;
    EXPECT_EQ(depth(both(20)).visible, Messages{85});
    now_ += 1s;
    const auto seen = depth(both(30));
    EXPECT_EQ(seen.visible, Messages{70});
    EXPECT_EQ(seen.stuck, Messages{5});
    EXPECT_EQ(seen.estimated_from, "orders-0: left out, since its lag does not move");
}

TEST_F(KafkaLagTest, LagThatMovesAgainCountsAgain) {
    rules({.persistent_after = 60s});
    depth({partition(0, 4, 0, 9)});
    now_ += 61s;
    EXPECT_EQ(depth({partition(0, 4, 0, 9)}).visible, Messages{0});
    const auto moved = depth({partition(0, 5, 0, 9)});
    EXPECT_EQ(moved.visible, Messages{4});
    EXPECT_EQ(moved.stuck, Messages{0});
}

TEST_F(KafkaLagTest, WhatComesBehindACommitThatStandsStillCountsForItsTime) {
    rules({.persistent_after = 60s});
    depth({partition(0, 4, 0, 9)});
    now_ += 61s;
    depth({partition(0, 4, 0, 9)});
    now_ += 1s;
    const auto seen = depth({partition(0, 4, 0, 109)});
    EXPECT_EQ(seen.visible, Messages{100});
    EXPECT_EQ(seen.stuck, Messages{5});
    now_ += 60s;
    EXPECT_EQ(depth({partition(0, 4, 0, 110)}).visible, Messages{101});
    now_ += 60s;
    const auto later = depth({partition(0, 4, 0, 112)});
    EXPECT_EQ(later.visible, Messages{2});
    EXPECT_EQ(later.stuck, Messages{106});
}

TEST_F(KafkaLagTest, APartitionWithoutACommitIsStuckAlike) {
    for (const bool earliest : {false, true}) {
        rules({.from_earliest = earliest, .persistent_after = 60s});
        const Messages all{earliest ? 4 : 1};
        EXPECT_EQ(depth({partition(0, std::nullopt, 5, 9)}).visible, all);
        now_ += 60s;
        const auto seen = depth({partition(0, std::nullopt, 5, 9)});
        EXPECT_EQ(seen.visible, Messages{0});
        EXPECT_EQ(seen.stuck, all);
        EXPECT_EQ(depth({partition(0, std::nullopt, 5, 10)}).visible, Messages{1});
    }
}

TEST_F(KafkaLagTest, ATopicMadeAnewIsAnother) {
    rules({.from_earliest = true, .persistent_after = 60s});
    depth({partition(0, 90, 0, 100)});
    now_ += 60s;
    EXPECT_EQ(depth({partition(0, 90, 0, 100)}).visible, Messages{0});
    EXPECT_EQ(depth({partition(0, 90, 0, 3)}).visible, Messages{3});
}

TEST_F(KafkaLagTest, TimeWithoutLagDoesNotCountAgainstAPartition) {
    rules({.persistent_after = 60s});
    depth({partition(0, 9, 0, 9)});  // nothing to do, and so no commit
    now_ += 24h;
    EXPECT_EQ(depth({partition(0, 9, 0, 12)}).visible, Messages{3});
    now_ += 59s;
    EXPECT_EQ(depth({partition(0, 9, 0, 12)}).visible, Messages{3});
}

TEST_F(KafkaLagTest, PartitionsOfDifferentTopicsAreDifferent) {
    rules({.persistent_after = 60s});
    depth({partition(0, 4, 0, 9)});
    now_ += 61s;
    PartitionOffsets other = partition(0, 4, 0, 9);
    other.topic = "bills";
    EXPECT_EQ(depth({other}).visible, Messages{5});
}

}  // namespace
}  // namespace fas::adapters
