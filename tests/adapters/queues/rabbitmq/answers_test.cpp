// RabbitMQ's answers, as the real ones have it (tests/brokers shows that they are).
#include "adapters/queues/rabbitmq/answers.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/reactor/answer.h"

namespace fas::adapters {
namespace {

using test::answer;
using ::testing::HasSubstr;

const TimePoint now = *from_epoch_seconds(1'795'435'200);

Result<scaling::QueueDepth> depth_of(std::string queue) {
    QueueSum sum{now};
    if (auto wrong = sum.add_queue(answer(std::move(queue)))) return std::move(*wrong);
    return sum.depth();
}

TEST(RabbitMqQueue, ItsCountsAndTheAgeOfItsHead) {
    const auto depth =
        depth_of(R"({"name":"jobs","state":"running","messages_ready":26,)"
                 R"("messages_unacknowledged":4,"head_message_timestamp":1795435100})");
    ASSERT_TRUE(depth) << depth.error().message;
    EXPECT_EQ(depth->visible, Messages{26});
    EXPECT_EQ(depth->in_flight, Messages{4});
    EXPECT_EQ(depth->oldest_age, Seconds{100});
    EXPECT_EQ(depth->missing, "");
}

TEST(RabbitMqQueue, ItsRates) {
    const auto depth = depth_of(
        R"({"message_stats":{"deliver_get_details":{"rate":2.5},"publish_details":{"rate":4.0}},)"
        R"("messages_ready":3,"messages_unacknowledged":0,"name":"a","state":"running"})");
    ASSERT_TRUE(depth) << depth.error().message;
    EXPECT_EQ(depth->publish_rate, 4.0);
    EXPECT_EQ(depth->delivery_rate, 2.5);
}

// RabbitMQ leaves out the rate of what has never happened.
TEST(RabbitMqQueue, WithoutARateHasNone) {
    for (const char* stats :
         {"{}", "[]", "null", R"({"publish_details":{}})", R"({"publish_details":{"rate":-1}})",
          R"({"publish_details":{"rate":"4"}})", R"({"publish_details":{"rate":1e300}})"}) {
        const auto depth =
            depth_of(std::string{R"({"name":"a","messages_ready":3,"messages_unacknowledged":0,)"
                                 R"("message_stats":)"} +
                     stats + "}");
        ASSERT_TRUE(depth) << stats;
        EXPECT_EQ(depth->publish_rate, std::nullopt) << stats;
        EXPECT_EQ(depth->delivery_rate, std::nullopt) << stats;
    }
}

TEST(RabbitMqPages, RatesAreThoseOfTheQueuesThatHaveAny) {
    QueueSum sum{now};
    const std::string counts = R"("messages_ready":3,"messages_unacknowledged":0)";
    EXPECT_FALSE(sum.add_page(answer(R"({"page_count":1,"items":[{"name":"a",)" + counts + "}," +
                                     R"({"name":"b","message_stats":{"publish_details":)" +
                                     R"({"rate":1.5}},)" + counts + "}," +
                                     R"({"name":"c","message_stats":{"publish_details":)" +
                                     R"({"rate":2.0}},)" + counts + "}]}")));
    const auto depth = sum.depth();
    ASSERT_TRUE(depth);
    EXPECT_EQ(depth->publish_rate, 3.5);
    EXPECT_EQ(depth->delivery_rate, std::nullopt);
}

TEST(RabbitMqQueue, AHeadWithoutAUsableTimeHasNoAge) {
    for (const char* time : {"null", R"("")", "0", "1795435200000", "-5"}) {
        const auto depth =
            depth_of(std::string{R"({"name":"q","messages_ready":1,"messages_unacknowledged":0,)"
                                 R"("head_message_timestamp":)"} +
                     time + "}");
        ASSERT_TRUE(depth);
        EXPECT_EQ(depth->oldest_age, std::nullopt) << time;
    }
}

TEST(RabbitMqQueue, WithoutBothCountsOrWithoutItsNodeItIsUnknown) {
    const std::pair<const char*, const char*> cases[]{
        {R"({"name":"jobs","state":"running"})", "jobs has no statistics"},
        {R"({"name":"jobs","messages_ready":1})", "jobs has no statistics"},
        {R"({"name":"jobs","messages_ready":-1,"messages_unacknowledged":0})", "no statistics"},
        {R"({"name":"jobs","state":"down","messages_ready":1,"messages_unacknowledged":0})",
         "jobs is down"},
    };
    for (const auto& [body, reason] : cases) {
        const auto depth = depth_of(body);
        ASSERT_FALSE(depth) << body;
        EXPECT_EQ(depth.error().kind, ErrorKind::retryable);
        EXPECT_EQ(depth.error().code, "NoCounts");
        EXPECT_THAT(depth.error().message, HasSubstr(reason));
    }
}

TEST(RabbitMqQueue, WhatIsNoQueueIsUnusable) {
    for (const char* body : {"", "<html>", "[]", "{}", R"({"name":7})"}) {
        const auto depth = depth_of(body);
        ASSERT_FALSE(depth) << body;
        EXPECT_EQ(depth.error().code, "UnusableAnswer") << body;
    }
}

TEST(RabbitMqPages, AreAddedUpAndWhatIsUnknownIsTold) {
    QueueSum sum{now};
    EXPECT_FALSE(sum.add_page(
        answer(R"({"page_count":2,"items":[)"
               R"({"name":"a","messages_ready":1,"messages_unacknowledged":2},{"name":"b"}]})")));
    EXPECT_EQ(sum.pages(), 2);
    EXPECT_FALSE(sum.add_page(
        answer(R"({"page_count":2,"items":[)"
               R"({"name":"c","messages_ready":10,"messages_unacknowledged":20,)"
               R"("head_message_timestamp":1795435190},{"name":"d","state":"down"}]})")));
    EXPECT_EQ(sum.queues(), 4);
    const auto depth = sum.depth();
    ASSERT_TRUE(depth);
    EXPECT_EQ(depth->visible, Messages{11});
    EXPECT_EQ(depth->in_flight, Messages{22});
    EXPECT_EQ(depth->oldest_age, Seconds{10});
    EXPECT_EQ(depth->missing,
              "2 of 4 queues gave no counts: b has no statistics (yet), and others");
}

TEST(RabbitMqQueue, AStreamIsNoBacklog) {
    const auto depth = depth_of(
        R"({"name":"log","type":"stream","messages_ready":5000,"messages_unacknowledged":0})");
    ASSERT_FALSE(depth);
    EXPECT_EQ(depth.error().kind, ErrorKind::invalid);
    EXPECT_EQ(depth.error().code, "StreamQueue");
    EXPECT_THAT(depth.error().message, HasSubstr("log is a stream"));
    for (const char* type : {"classic", "quorum", "rabbit_mqtt_qos0_queue"}) {
        EXPECT_TRUE(depth_of(fmt::format(R"({{"name":"jobs","type":"{}","messages_ready":5,)"
                                         R"("messages_unacknowledged":0}})",
                                         type)));
    }
}

TEST(RabbitMqPages, AStreamAmongThemIsNamed) {
    QueueSum sum{now};
    const auto wrong = sum.add_page(
        answer(R"({"page_count":1,"items":[)"
               R"({"name":"a","type":"quorum","messages_ready":1,"messages_unacknowledged":2},)"
               R"({"name":"log","type":"stream","state":"down"}]})"));
    ASSERT_TRUE(wrong);
    EXPECT_THAT(wrong->message, HasSubstr("log is a stream"));
}

TEST(RabbitMqPages, CountsThatNoQueueHasAreNone) {
    std::string body = R"({"page_count":1,"items":[)";
    for (int i = 0; i < 9000; ++i) {
        body += R"({"name":"a","messages_ready":1125899906842624,"messages_unacknowledged":0},)";
    }
    body.back() = ']';
    QueueSum sum{now};
    EXPECT_FALSE(sum.add_page(answer(body + '}')));
    const auto depth = sum.depth();
    ASSERT_FALSE(depth) << depth->visible->value;
    EXPECT_EQ(depth.error().code, "NoCounts");
}

TEST(RabbitMqPages, WhatIsNoPageIsUnusable) {
    for (const char* body : {"", "{}", R"({"items":[]})", R"({"page_count":1})",
                             R"({"items":{},"page_count":1})", R"({"items":[7],"page_count":1})"}) {
        QueueSum sum{now};
        const auto wrong = sum.add_page(answer(body));
        ASSERT_TRUE(wrong) << body;
        EXPECT_EQ(wrong->code, "UnusableAnswer");
    }
}

TEST(RabbitMqError, IsToldInItsWords) {
    const Error denied =
        rabbitmq_error(answer(R"({"error":"not_authorised","reason":"Not management user"})", 401));
    EXPECT_EQ(denied.kind, ErrorKind::denied);
    EXPECT_EQ(denied.http_status, 401);
    EXPECT_THAT(denied.message, HasSubstr("Not management user"));
    EXPECT_EQ(rabbitmq_error(answer("", 404)).kind, ErrorKind::not_found);
    EXPECT_EQ(rabbitmq_error(answer("<html>", 400)).kind, ErrorKind::invalid);
}

}  // namespace
}  // namespace fas::adapters
