// Against a real server that answers as SQS does.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
#include "clients/aws/services/sqs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/clients/aws/answered_client.h"

namespace fas::clients {
namespace {

using test::http_answer;
using ::testing::HasSubstr;

const std::string queue_url = "https://sqs.eu-west-1.amazonaws.com/123456789012/orders";

class SqsClientTest : public AnsweredClient<SqsClient> {
  protected:
    Result<QueueCounts> counts_from(std::string answer, Delayed delayed = Delayed::leave_out) {
        return answered(std::move(answer), [delayed](SqsClient& client, reactor::Scope scope) {
            return client.queue_counts(queue_address(queue_url), delayed, std::move(scope));
        });
    }
};

TEST_F(SqsClientTest, ReadsTheCountsThatSqsWritesAsStrings) {
    const auto counts =
        counts_from(http_answer(200,
                                R"({"Attributes":{"ApproximateNumberOfMessages":"12",)"
                                R"("ApproximateNumberOfMessagesNotVisible":"3"}})",
                                request_id_header));
    ASSERT_TRUE(counts) << counts.error().message;
    EXPECT_EQ(counts->visible, Messages{12});
    EXPECT_EQ(counts->in_flight, Messages{3});
    EXPECT_EQ(asked_.header("X-Amz-Target"), "AmazonSQS.GetQueueAttributes");
    EXPECT_EQ(asked_.body,
              R"({"QueueUrl":"https://sqs.eu-west-1.amazonaws.com/123456789012/orders",)"
              R"("AttributeNames":["ApproximateNumberOfMessages",)"
              R"("ApproximateNumberOfMessagesNotVisible"]})");
}

TEST_F(SqsClientTest, CountsDelayedMessagesWhereAsked) {
    const std::string answer =
        http_answer(200, R"({"Attributes":{"ApproximateNumberOfMessages":"12",)"
                         R"("ApproximateNumberOfMessagesNotVisible":"3",)"
                         R"("ApproximateNumberOfMessagesDelayed":"4"}})");
    const auto counts = counts_from(answer, Delayed::count);
    ASSERT_TRUE(counts) << counts.error().message;
    EXPECT_EQ(counts->delayed, Messages{4});
    EXPECT_THAT(asked_.body, HasSubstr("ApproximateNumberOfMessagesDelayed"));

    const auto without =
        counts_from(http_answer(200, R"({"Attributes":{"ApproximateNumberOfMessages":"12",)"
                                     R"("ApproximateNumberOfMessagesNotVisible":"3"}})"),
                    Delayed::count);
    ASSERT_FALSE(without);
    EXPECT_THAT(without.error().message, HasSubstr("no ApproximateNumberOfMessagesDelayed"));
}

TEST_F(SqsClientTest, ACountThatIsNotThereIsNotZero) {
    const std::pair<const char*, const char*> cases[]{
        {R"({})", "Attributes"},
        {R"({"Attributes":null})", "ApproximateNumberOfMessages"},
        {R"({"Attributes":{}})", "ApproximateNumberOfMessages"},
        {R"({"Attributes":{"ApproximateNumberOfMessages":"12"}})",
         "ApproximateNumberOfMessagesNotVisible"},
        {R"({"Attributes":{"ApproximateNumberOfMessagesNotVisible":"12"}})",
         "ApproximateNumberOfMessages"},
    };
    for (const auto& [body, missing] : cases) {
        const auto counts = counts_from(http_answer(200, body, request_id_header));
        ASSERT_FALSE(counts) << body;
        EXPECT_EQ(counts.error().kind, ErrorKind::invalid);
        EXPECT_EQ(counts.error().code, "UnusableAnswer");
        EXPECT_EQ(counts.error().service, "SQS");
        EXPECT_EQ(counts.error().request_id, "0b9c6e54-1111");
        EXPECT_THAT(counts.error().message, HasSubstr(missing));
    }
}

TEST_F(SqsClientTest, ASuccessThatIsNoneIsAnError) {
    for (const char* body : {"", "{", "[]", "null", "12", "Welcome"}) {
        const auto counts = counts_from(http_answer(200, body));
        ASSERT_FALSE(counts) << body;
        EXPECT_EQ(counts.error().code, "UnusableAnswer") << body;
    }
}

TEST(SqsAnswer, HasCountsThatCanBe) {
    for (const char* count : {"\"-1\"", "\"1.5\"", "\"\"", "\" 1\"", "\"1 \"", "\"0x1\"",
                              "\"many\"", "\"99999999999999999999\"", "7", "null", "[]"}) {
        const reactor::HttpResponse response{
            200,
            {},
            std::string{R"({"Attributes":{"ApproximateNumberOfMessagesNotVisible":"0",)"
                        R"("ApproximateNumberOfMessages":)"} +
                count + "}}"};
        EXPECT_FALSE(read_queue_counts(response, Delayed::leave_out)) << count;
    }
}

TEST_F(SqsClientTest, AQueueThatIsNotThereIsNotFound) {
    const auto counts = counts_from(
        http_answer(400,
                    R"({"__type":"com.amazonaws.sqs#QueueDoesNotExist",)"
                    R"("message":"The specified queue does not exist."})",
                    "x-amzn-query-error: AWS.SimpleQueueService.NonExistentQueue;Sender\r\n"));
    ASSERT_FALSE(counts);
    EXPECT_EQ(counts.error().kind, ErrorKind::not_found);
    EXPECT_EQ(counts.error().code, "QueueDoesNotExist");
    EXPECT_EQ(counts.error().http_status, 400);
    EXPECT_EQ(counts.error().message,
              "GetQueueAttributes failed: The specified queue does not exist.");
}

TEST_F(SqsClientTest, ARefusalIsDenied) {
    const auto counts = counts_from(
        http_answer(403, R"({"__type":"com.amazon.coral.service#AccessDeniedException",)"
                         R"("Message":"User: arn:aws:iam::1:user/u is not authorized"})"));
    ASSERT_FALSE(counts);
    EXPECT_EQ(counts.error().kind, ErrorKind::denied);
    EXPECT_EQ(counts.error().code, "AccessDeniedException");
    EXPECT_THAT(counts.error().message, HasSubstr("not authorized"));
}

}  // namespace
}  // namespace fas::clients
