#include "app/sqs_event.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace fas::app {
namespace {

using ::testing::ElementsAre;

std::string record(const std::string& id, const std::string& body) {
    return R"({"messageId":")" + id + R"(","receiptHandle":"AQEB","body":")" + body +
           R"(","attributes":{"ApproximateReceiveCount":"1"},"messageAttributes":{},)"
           R"("md5OfBody":"9bb5","eventSource":"aws:sqs",)"
           R"("eventSourceARN":"arn:aws:sqs:eu-west-1:123456789012:ticks",)"
           R"("awsRegion":"eu-west-1"})";
}

TEST(SqsEvent, GivesItsMessages) {
    const auto messages = read_sqs_event(R"({"Records":[)" + record("1", "{}") + "," +
                                         record("2", R"({\"config\":{}})") + "]}");
    ASSERT_TRUE(messages);
    ASSERT_EQ(messages->size(), 2U);
    EXPECT_EQ((*messages)[0].id, "1");
    EXPECT_EQ((*messages)[1].body, R"({"config":{}})");
}

TEST(SqsEvent, OtherEventsAreNone) {
    for (const std::string& event :
         {std::string(), std::string("{"), std::string("[]"), std::string("{}"),
          std::string(R"({"Records":[]})"), std::string(R"({"Records":{}})"),
          std::string(R"({"Records":[{"eventSource":"aws:s3","s3":{}}]})"),
          std::string(R"({"Records":[{"eventSource":"aws:sqs","body":"{}"}]})"),
          std::string(R"({"config":{"min_tasks":1}})")}) {
        EXPECT_FALSE(read_sqs_event(event)) << event;
    }
}

TEST(SqsEvent, MessagesThatAskForTheSameAreOne) {
    const auto groups = group_by_body({{"1", "a"}, {"2", "b"}, {"3", "a"}});
    ASSERT_EQ(groups.size(), 2U);
    EXPECT_EQ(groups[0].body, "a");
    EXPECT_THAT(groups[0].ids, ElementsAre("1", "3"));
    EXPECT_THAT(groups[1].ids, ElementsAre("2"));
}

// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
TEST(SqsEvent, TheResultNamesTheFailedMessages) {
    EXPECT_EQ(batch_result({}), R"({"batchItemFailures":[]})");
    EXPECT_EQ(batch_result({"1", "3"}),
              R"({"batchItemFailures":[{"itemIdentifier":"1"},{"itemIdentifier":"3"}]})");
}

}  // namespace
}  // namespace fas::app
