// Against a real server that answers as Kinesis does.
// https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DescribeStreamSummary.html
#include "clients/aws/services/kinesis.h"

#include <gtest/gtest.h>

#include "tests/clients/aws/answered_client.h"

namespace fas::clients {
namespace {

using test::http_answer;

class KinesisClientTest : public AnsweredClient<KinesisClient> {
  protected:
    Result<std::string> status_from(std::string answer) {
        return answered(std::move(answer), [](KinesisClient& client, reactor::Scope scope) {
            return client.stream_status("orders", std::move(scope));
        });
    }
};

TEST_F(KinesisClientTest, ReadsAStreamsStatus) {
    const auto status = status_from(http_answer(
        200, R"({"StreamDescriptionSummary":{"StreamName":"orders","StreamStatus":"ACTIVE"}})"));
    ASSERT_TRUE(status) << status.error().message;
    EXPECT_EQ(*status, "ACTIVE");
    EXPECT_EQ(asked_.header("X-Amz-Target"), "Kinesis_20131202.DescribeStreamSummary");
    EXPECT_EQ(asked_.body, R"({"StreamName":"orders"})");
}

TEST_F(KinesisClientTest, AStatusCanBeShown) {
    const auto status = status_from(http_answer(
        200, R"({"StreamDescriptionSummary":{"StreamStatus":"ACTIVE\u001b[31m\nDELETING"}})"));
    ASSERT_TRUE(status) << status.error().message;
    EXPECT_EQ(*status, "ACTIVE");
}

TEST_F(KinesisClientTest, AStreamThatIsNotThereIsNotFound) {
    const auto status = status_from(
        http_answer(400, R"({"__type":"ResourceNotFoundException","message":"Stream orders"})"));
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().kind, ErrorKind::not_found);
}

TEST_F(KinesisClientTest, ASuccessThatIsNoneIsAnError) {
    for (const char* body : {"", "{}", "[]", R"({"StreamDescriptionSummary":{}})",
                             R"({"StreamDescriptionSummary":{"StreamStatus":""}})",
                             R"({"StreamDescriptionSummary":{"StreamStatus":1}})"}) {
        const auto status = status_from(http_answer(200, body));
        ASSERT_FALSE(status) << body;
        EXPECT_EQ(status.error().code, "UnusableAnswer") << body;
    }
}

}  // namespace
}  // namespace fas::clients
