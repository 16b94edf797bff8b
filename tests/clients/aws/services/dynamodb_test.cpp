// Against a real server that answers as DynamoDB does.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html
#include "clients/aws/services/dynamodb.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/crc32.h"
#include "clients/aws/error.h"
#include "tests/clients/aws/aws_fixture.h"
#include "tests/reactor/answer.h"

namespace fas::clients {
namespace {

using test::answer;
using test::http_answer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string summed(int status, const std::string& body) {
    return http_answer(status, body, fmt::format("x-amz-crc32: {}\r\n", crc32(body)));
}

const DynamoAttribute key{"target", DynamoType::text, "prod/web"};

DynamoUpdate some_update(std::optional<std::string> guard_text) {
    return {.key = key,
            .set = {{"at", DynamoType::text, "now"}, {"count", DynamoType::number, "5"}},
            .remove = {"old", "older"},
            .guard = "writer",
            .guard_text = std::move(guard_text)};
}

// Gives its answers one after the other, the last one for ever, and keeps what was asked.
class DynamoDbClientTest : public ::testing::Test {
  protected:
    void answers(std::vector<std::string> in_order) { answers_ = std::move(in_order); }

    Result<std::optional<DynamoItem>> get() {
        return aws_.reactor.run(client_.get_item("state", key, scope_));
    }
    Result<DynamoWrite> update(std::optional<std::string> guard_text = "seen") {
        return aws_.reactor.run(
            client_.update_item("state", some_update(std::move(guard_text)), scope_));
    }

    std::string answer_next(const test::ReceivedRequest& request) {
        const std::scoped_lock lock(mutex_);
        requests_.push_back(request);
        return answers_[std::min(requests_.size(), answers_.size()) - 1];
    }

    std::vector<test::ReceivedRequest> asked() {
        const std::scoped_lock lock(mutex_);
        return requests_;
    }

    std::mutex mutex_;
    std::vector<std::string> answers_{summed(200, "{}")};
    std::vector<test::ReceivedRequest> requests_;
    test::TestServer server_{test::replying(
        [this](const test::ReceivedRequest& request) { return answer_next(request); })};
    AwsSurroundings aws_{server_};
    DynamoDbClient client_{aws_.context};
    reactor::Scope scope_ = reactor::Scope{}.within(std::chrono::seconds{60});
};

TEST_F(DynamoDbClientTest, ReadsAnItemAsOfAllWrites) {
    answers({summed(200, R"({"Item":{"target":{"S":"prod/web"},"count":{"N":"5"},)"
                         R"("tags":{"SS":["a"]}}})")});
    const auto item = get();
    ASSERT_TRUE(item) << item.error().message;
    ASSERT_TRUE(*item);
    EXPECT_EQ(*find_attribute(**item, "target"), key);
    EXPECT_EQ(*find_attribute(**item, "count"),
              (DynamoAttribute{"count", DynamoType::number, "5"}));
    EXPECT_EQ(find_attribute(**item, "tags")->type, DynamoType::other);
    EXPECT_EQ(find_attribute(**item, "none"), nullptr);
    const auto request = asked().at(0);
    EXPECT_EQ(request.header("X-Amz-Target"), "DynamoDB_20120810.GetItem");
    EXPECT_EQ(request.header("Content-Type"), "application/x-amz-json-1.0");
    EXPECT_THAT(request.header("Authorization"), HasSubstr("/eu-west-1/dynamodb/aws4_request"));
    EXPECT_EQ(request.body,
              R"({"TableName":"state","Key":{"target":{"S":"prod/web"}},"ConsistentRead":true})");
}

TEST_F(DynamoDbClientTest, NoItemIsNoError) {
    const auto item = get();
    ASSERT_TRUE(item) << item.error().message;
    EXPECT_FALSE(*item);
}

TEST_F(DynamoDbClientTest, ChangesAnItemThatIsAsItWasSeen) {
    const auto written = update();
    ASSERT_TRUE(written) << written.error().message;
    EXPECT_TRUE(written->done);
    EXPECT_EQ(asked().at(0).body,
              R"({"TableName":"state","Key":{"target":{"S":"prod/web"}},)"
              R"("UpdateExpression":"SET #s0 = :s0, #s1 = :s1 REMOVE #r0, #r1",)"
              R"("ConditionExpression":"#guard = :guard",)"
              R"("ExpressionAttributeNames":{"#guard":"writer","#s0":"at","#s1":"count",)"
              R"("#r0":"old","#r1":"older"},)"
              R"("ExpressionAttributeValues":{":guard":{"S":"seen"},":s0":{"S":"now"},)"
              R"(":s1":{"N":"5"}},"ReturnValuesOnConditionCheckFailure":"ALL_OLD"})");
}

TEST_F(DynamoDbClientTest, OrOneThatIsNotThere) {
    ASSERT_TRUE(update(std::nullopt));
    EXPECT_THAT(asked().at(0).body,
                HasSubstr("\"ConditionExpression\":\"NOT attribute_type(#guard, :guard)\""));
    EXPECT_THAT(asked().at(0).body, HasSubstr(R"(":guard":{"S":"S"})"));
}

TEST_F(DynamoDbClientTest, AConditionThatDoesNotHoldIsAnAnswerAndNotSentAgain) {
    answers({summed(400, R"({"__type":"com.amazonaws.dynamodb.v20120810#)"
                         R"(ConditionalCheckFailedException",)"
                         R"("message":"The conditional request failed",)"
                         R"("Item":{"writer":{"S":"another"}}})")});
    const auto written = update();
    ASSERT_TRUE(written) << written.error().message;
    EXPECT_FALSE(written->done);
    EXPECT_THAT(written->present,
                ElementsAre(DynamoAttribute{"writer", DynamoType::text, "another"}));
    EXPECT_EQ(asked().size(), 1U);
}

TEST_F(DynamoDbClientTest, ADamagedAnswerIsAskedForAgain) {
    answers({http_answer(200, R"({"Item":{"target":{"S":"damaged"}}})", "x-amz-crc32: 1\r\n"),
             summed(200, R"({"Item":{"target":{"S":"whole"}}})")});
    const auto item = get();
    ASSERT_TRUE(item) << item.error().message;
    EXPECT_EQ(find_attribute(**item, "target")->value, "whole");
}

TEST_F(DynamoDbClientTest, AnAnswerThatStaysDamagedIsNone) {
    answers({http_answer(200, "{}", "x-amz-crc32: 1\r\n")});
    const auto item = get();
    ASSERT_FALSE(item);
    EXPECT_EQ(item.error().kind, ErrorKind::retryable);
    EXPECT_EQ(item.error().code, "ChecksumMismatch");
    EXPECT_EQ(asked().size(), 4U);
}

TEST_F(DynamoDbClientTest, TriesFourTimes) {
    answers({http_answer(500, R"({"__type":"InternalServerError"})")});
    ASSERT_FALSE(get());
    std::vector<std::string> attempts;
    for (const auto& request : asked()) attempts.push_back(request.header("amz-sdk-request"));
    EXPECT_THAT(attempts, ElementsAre("attempt=1; max=4", "attempt=2; max=4", "attempt=3; max=4",
                                      "attempt=4; max=4"));
}

TEST_F(DynamoDbClientTest, TellsTheErrorsApart) {
    const std::pair<const char*, ErrorKind> cases[]{
        {"ResourceNotFoundException", ErrorKind::not_found},
        {"AccessDeniedException", ErrorKind::denied},
        {"ValidationException", ErrorKind::invalid},
    };
    for (const auto& [code, kind] : cases) {
        answers({http_answer(
            400, R"({"__type":"com.amazonaws.dynamodb.v20120810#)" + std::string{code} + "\"}")});
        for (const auto& error : {get().error(), update().error()}) {
            EXPECT_EQ(error.kind, kind) << code;
            EXPECT_EQ(error.code, code);
            EXPECT_EQ(error.service, "DynamoDB");
        }
    }
}

TEST(DynamoAnswer, ThrottlingIsThatWhateverTheStatus) {
    for (const char* code : {"ProvisionedThroughputExceededException", "ThrottlingException",
                             "RequestLimitExceeded"}) {
        EXPECT_EQ(kind_of(code, 400), ErrorKind::throttled) << code;
    }
    EXPECT_EQ(kind_of("ReplicatedWriteConflictException", 400), ErrorKind::retryable);
}

TEST(DynamoAnswer, WhatIsNoItemIsUnusable) {
    for (const char* body :
         {"", "[]", "null", "<html>", R"({"Item":null})", R"({"Item":[]})", R"({"Item":{"a":1}})",
          R"({"Item":{"a":{}}})", R"({"Item":{"a":{"S":5}}})", R"({"Item":{"a":{"N":5}}})",
          R"({"Item":{"a":{"S":"x","N":"1"}}})"}) {
        const auto item = read_dynamo_item(answer(body));
        ASSERT_FALSE(item) << body;
        EXPECT_EQ(item.error().code, "UnusableAnswer");
        EXPECT_FALSE(read_dynamo_write(answer(body))) << body;
    }
}

TEST(DynamoAnswer, AFailedConditionMaySayNothingOfTheItem) {
    const auto written =
        read_dynamo_write(answer(R"({"__type":"ConditionalCheckFailedException"})", 400));
    ASSERT_TRUE(written);
    EXPECT_FALSE(written->done);
    EXPECT_THAT(written->present, IsEmpty());
}

}  // namespace
}  // namespace fas::clients
