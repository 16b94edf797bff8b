#include "scaling/combine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <random>
#include <vector>

#include "tests/scaling/examples.h"

namespace fas::scaling {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

QueuePart part(std::string name, QueueDepth of, double weight = 1.0) {
    return {.depth = std::move(of), .name = std::move(name), .weight = weight};
}

QueuePart missing(std::string name, std::string why) {
    return {.depth = std::nullopt, .why = std::move(why), .name = std::move(name)};
}

TEST(Combine, AddsUp) {
    const std::array parts = {part("a", depth(100, 7)), part("b", depth(20, 0))};
    const QueueDepth whole = combine(parts, Combine::sum);
    EXPECT_EQ(whole.visible, Messages{120});
    EXPECT_EQ(whole.in_flight, Messages{7});
    EXPECT_THAT(whole.missing, IsEmpty());
}

TEST(Combine, TakesTheFullestOfEachCount) {
    const std::array parts = {part("a", depth(100, 7)), part("b", depth(20, 30))};
    const QueueDepth whole = combine(parts, Combine::max);
    EXPECT_EQ(whole.visible, Messages{100});
    EXPECT_EQ(whole.in_flight, Messages{30});
}

TEST(Combine, WeighsMessagesAndRoundsUp) {
    const std::array parts = {part("heavy", depth(3, 1), 2.5), part("light", depth(10, 0), 0.1)};
    const QueueDepth whole = combine(parts, Combine::sum);
    EXPECT_EQ(whole.visible, Messages{8 + 1});  // 7.5 rounded up; 10 x 0.1 is 1
    EXPECT_EQ(whole.in_flight, Messages{3});
}

TEST(Combine, CountsBeyondAnyQueueDoNotWrapAround) {
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    const std::array parts = {part("a", depth(most, most), 1e6), part("b", depth(most, 1), 0.5)};
    for (const Combine how : {Combine::sum, Combine::max}) {
        const QueueDepth whole = combine(parts, how);
        EXPECT_GE(whole.visible, Messages{1'000'000'000'000'000});
        EXPECT_GE(whole.in_flight, Messages{1'000'000'000'000'000});
    }
}

TEST(Combine, WhatIsStuckIsWeighedAndPutTogetherToo) {
    QueueDepth a = depth(0);
    a.stuck = Messages{3};
    QueueDepth b = depth(0);
    b.stuck = Messages{4};
    const std::array parts = {part("a", a, 2), part("b", b)};
    EXPECT_EQ(combine(parts, Combine::sum).stuck, Messages{10});
    EXPECT_EQ(combine(parts, Combine::max).stuck, Messages{6});
}

TEST(Combine, AMissingPartMakesTheRestTheLeastThereCanBe) {
    const std::array parts = {part("a", depth(100, 7)), missing("b", "connection refused")};
    for (const Combine how : {Combine::sum, Combine::max}) {
        const QueueDepth whole = combine(parts, how);
        EXPECT_EQ(whole.visible, Messages{100});
        EXPECT_EQ(whole.missing, "b: connection refused");
    }
}

TEST(Combine, APartWithoutAVisibleCountIsMissing) {
    const std::array parts = {part("a", depth(100, 7)),
                              part("b", {.missing = "it was measured 900 s ago"})};
    EXPECT_EQ(combine(parts, Combine::sum).missing, "b: it was measured 900 s ago");
}

TEST(Combine, APartThatIsTheLeastThereCanBeMakesTheWholeSo) {
    QueueDepth partial = depth(5, 0);
    partial.missing = "one of 3 partitions did not answer";
    const std::array parts = {part("a", depth(100, 7)), part("b", partial)};
    const QueueDepth whole = combine(parts, Combine::sum);
    EXPECT_EQ(whole.visible, Messages{105});
    EXPECT_EQ(whole.missing, "b: one of 3 partitions did not answer");
}

TEST(Combine, AllMissingIsUnknownAndNotEmpty) {
    const std::array parts = {missing("a", "timed out"), missing("b", "")};
    const QueueDepth whole = combine(parts, Combine::sum);
    EXPECT_EQ(whole.visible, std::nullopt);
    EXPECT_EQ(whole.missing, "a: timed out; b: its depth is unknown");
    EXPECT_EQ(combine({}, Combine::max).visible, std::nullopt);
}

TEST(Combine, WhatOnePartDoesNotTellIsUnknownOfAll) {
    const std::array first = {part("a", depth(1, std::nullopt)), part("b", depth(2, 3))};
    EXPECT_EQ(combine(first, Combine::sum).in_flight, std::nullopt);
    const std::array last = {part("a", depth(1, 3)), part("b", depth(2, std::nullopt)),
                             part("c", depth(2, 3))};
    EXPECT_EQ(combine(last, Combine::max).in_flight, std::nullopt);
}

TEST(Combine, CarriesAgesAndEstimates) {
    QueueDepth a = depth(1, 0);
    a.oldest_age = Seconds{30};
    a.measured_at = now;
    a.estimated_from = "12 samples";
    QueueDepth b = depth(1, 0);
    b.oldest_age = Seconds{90};
    b.measured_at = now - std::chrono::seconds{20};
    const std::array parts = {part("a", a), part("b", b), part("c", depth(1, 0))};
    const QueueDepth whole = combine(parts, Combine::max);
    EXPECT_EQ(whole.oldest_age, Seconds{90});
    EXPECT_EQ(whole.measured_at, now - std::chrono::seconds{20});
    EXPECT_EQ(whole.estimated_from, "a: 12 samples");
}

TEST(Combine, RatesAreWeightedAndUnknownWhereOnePartHasNone) {
    QueueDepth a = depth(1, 0);
    a.publish_rate = 30;
    a.delivery_rate = 4;
    QueueDepth b = depth(1, 0);
    b.publish_rate = 10;
    const std::array parts = {part("a", a), part("b", b, 2)};
    EXPECT_EQ(combine(parts, Combine::sum).publish_rate, 50);
    EXPECT_EQ(combine(parts, Combine::max).publish_rate, 30);
    EXPECT_EQ(combine(parts, Combine::sum).delivery_rate, std::nullopt);
    const std::array other_way = {part("b", b), part("a", a)};
    EXPECT_EQ(combine(other_way, Combine::sum).delivery_rate, std::nullopt);
}

// Leaving parts out never raises a count: what is missing makes the rest a least.
TEST(Combine, OfFewerPartsIsNeverMore) {
    std::mt19937 random{42};
    std::uniform_int_distribution<int> count{0, 1000};
    for (int round = 0; round < 500; ++round) {
        std::vector<QueuePart> parts;
        for (int i = 0; i < 5; ++i) {
            parts.push_back(part("q", depth(count(random), count(random)),
                                 0.1 + static_cast<double>(count(random)) / 100));
        }
        const Combine how = round % 2 == 0 ? Combine::sum : Combine::max;
        const QueueDepth all = combine(parts, how);
        parts[static_cast<std::size_t>(count(random)) % 5] = missing("q", "gone");
        const QueueDepth fewer = combine(parts, how);
        ASSERT_LE(*fewer.visible, *all.visible);
        ASSERT_LE(*fewer.in_flight, *all.in_flight);
        ASSERT_FALSE(fewer.missing.empty());
    }
}

TEST(FreshEnough, AnOldMeasurementIsUnknownAndSaysSo) {
    QueueDepth old = depth(100, 7);
    old.measured_at = now - std::chrono::seconds{61};
    const QueueDepth judged = fresh_enough(old, Seconds{60}, now);
    EXPECT_EQ(judged.visible, std::nullopt);
    EXPECT_EQ(judged.in_flight, std::nullopt);
    EXPECT_EQ(judged.missing, "it was measured 61 s ago, and at most 60 s are accepted");
}

TEST(FreshEnough, AMeasurementWithinTheAgeIsAsItWas) {
    QueueDepth recent = depth(100, 7);
    recent.measured_at = now - std::chrono::seconds{60};
    EXPECT_EQ(fresh_enough(recent, Seconds{60}, now).visible, Messages{100});
    EXPECT_EQ(fresh_enough(depth(100, 7), Seconds{60}, now).visible, Messages{100});
    recent.measured_at = now - std::chrono::hours{9};
    EXPECT_EQ(fresh_enough(recent, std::nullopt, now).visible, Messages{100});
}

TEST(FreshEnough, AMeasurementInTheFutureIsUnknownUnlessClocksMerelyDiffer) {
    QueueDepth ahead = depth(100, 7);
    ahead.measured_at = now + std::chrono::seconds{200};
    EXPECT_EQ(fresh_enough(ahead, Seconds{60}, now).visible, Messages{100});
    ahead.measured_at = now + std::chrono::seconds{301};
    const QueueDepth judged = fresh_enough(ahead, Seconds{60}, now);
    EXPECT_EQ(judged.visible, std::nullopt);
    EXPECT_THAT(judged.missing, HasSubstr("in the future; check the clocks"));
}

}  // namespace
}  // namespace fas::scaling
