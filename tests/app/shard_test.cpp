#include "app/shard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fas::app {
namespace {

using testing::Each;
using testing::HasSubstr;

TargetSettings target(const std::string& queue, const std::string& service = "worker") {
    TargetSettings settings;
    settings.queues.front().options.set(
        "queue_url", std::string{"https://sqs.eu-west-1.amazonaws.com/123456789012/" + queue});
    settings.service_name = service;
    return settings;
}

TEST(Shard, IsANumberOfACount) {
    EXPECT_EQ(*parse_shard("3/16"), (Shard{3, 16}));
    EXPECT_EQ(*parse_shard("1/1"), Shard{});
    for (const char* text : {"", "3", "3/", "/16", "0/16", "17/16", "-1/16", "3/16/", " 3/16",
                             "1/10001", "3/0", "a/b", "99999999999999999999/1"}) {
        const auto shard = parse_shard(text);
        ASSERT_FALSE(shard) << text;
        EXPECT_EQ(shard.error().kind, ErrorKind::invalid);
        EXPECT_THAT(shard.error().message, HasSubstr("like 3/16"));
    }
}

TEST(Shard, EveryTargetIsInOneOfThem) {
    constexpr std::uint64_t shards = 16;
    constexpr int targets = 1'000;
    std::vector<int> sizes(shards);
    for (int i = 0; i < targets; ++i) {
        int homes = 0;
        for (std::uint64_t number = 1; number <= shards; ++number) {
            if (!Shard{number, shards}.has(target("queue-" + std::to_string(i)))) continue;
            ++homes;
            ++sizes[number - 1];
        }
        EXPECT_EQ(homes, 1);
    }
    EXPECT_THAT(sizes, Each(testing::AllOf(testing::Gt(30), testing::Lt(100)))) << "of 62.5";
}

// A daemon of another version or on another machine must come to the same.
TEST(Shard, IsTheSameForEver) {
    const auto home = [](const std::string& queue) {
        for (std::uint64_t number = 1; number <= 16; ++number) {
            if (Shard{number, 16}.has(target(queue))) return number;
        }
        return std::uint64_t{0};
    };
    EXPECT_EQ(home("orders"), 13U);
    EXPECT_EQ(home("invoices"), 12U);
}

TEST(Shard, KeepsTargetsOfOneQueueTogether) {
    const Shard shard{2, 7};
    EXPECT_EQ(shard.has(target("orders", "a")), shard.has(target("orders", "b")));
}

}  // namespace
}  // namespace fas::app
