#include "adapters/queues/redis/pending.h"

#include <gmock/gmock.h>

namespace fas::adapters {
namespace {

using clients::RespReply;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

RespReply resp_text(std::string text) {
    return {.kind = RespReply::Kind::text, .text = std::move(text)};
}

RespReply resp_list(std::vector<RespReply> items) {
    RespReply list{.kind = RespReply::Kind::list};
    list.items = std::move(items);
    return list;
}

// As XPENDING lists them, with consumer, idle time and deliveries left out.
RespReply pending_of(const std::vector<std::string>& ids) {
    RespReply pending{.kind = RespReply::Kind::list};
    for (const std::string& id : ids) pending.items.push_back(resp_list({resp_text(id)}));
    return pending;
}

RespReply stream_info(const std::string& first, const std::string& deleted) {
    return resp_list({resp_text("max-deleted-entry-id"), resp_text(deleted),
                      resp_text("first-entry"), resp_list({resp_text(first)})});
}

RespReply refused() { return RespReply{.kind = RespReply::Kind::error, .text = "NOPERM"}; }

TEST(RedisPending, ThoseBeforeTheFirstAreGoneAndThoseAfterTheLastDeletionAreThere) {
    const auto count = pending_count(pending_of({"1-0", "2-0", "3-0", "4-0", "5-0"}),
                                     stream_info("3-0", "4-0"), Messages{5});
    EXPECT_EQ(count.there, Messages{1});
    EXPECT_THAT(count.doubtful, ElementsAre("3-0", "4-0"));
}

TEST(RedisPending, WithoutWhatTheStreamSaysEachIsDoubtful) {
    const auto count = pending_count(pending_of({"1-0", "2-0"}), refused(), Messages{2});
    EXPECT_EQ(count.there, Messages{0});
    EXPECT_THAT(count.doubtful, ElementsAre("1-0", "2-0"));
}

TEST(RedisPending, WhatCannotBeListedCountsAsThere) {
    const auto count = pending_count(refused(), stream_info("3-0", "0-0"), Messages{7});
    EXPECT_EQ(count.there, Messages{7});
    EXPECT_THAT(count.doubtful, IsEmpty());
    EXPECT_EQ(pending_count(pending_of({"?"}), refused(), Messages{1}).there, Messages{1});

    const std::vector<std::string> thousand(1000, "1-0");
    const auto many =
        pending_count(pending_of(thousand), stream_info("2-0", "0-0"), Messages{1500});
    EXPECT_EQ(many.there, Messages{500});
}

TEST(RedisPending, AnEntryIsThereUnlessItsPlaceIsEmpty) {
    EXPECT_TRUE(is_there(resp_list({resp_text("1-0")})));
    EXPECT_TRUE(is_there(refused()));
    EXPECT_FALSE(is_there(resp_list({})));
}

}  // namespace
}  // namespace fas::adapters
