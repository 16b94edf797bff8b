// One call against a real server: what is sent, when it is sent again, and when it is not.
#include "clients/aws/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <thread>

#include "tests/clients/aws/aws_fixture.h"

namespace fas::clients {
namespace {

using test::http_answer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr AwsService sts{.name = "STS",
                         .signing_name = "sts",
                         .host_prefix = "sts",
                         .target_prefix = "2011-06-15",
                         .protocol = Protocol::query};

std::string refusal(int status, const std::string& code, const std::string& message,
                    const std::string& headers = "") {
    return http_answer(status, R"({"__type":")" + code + R"(","message":")" + message + "\"}",
                       headers);
}

// Gives its answers one after the other, the last one for ever, and keeps what was asked.
class AwsClientTest : public ::testing::Test {
  protected:
    void answers(std::vector<std::string> in_order) { answers_ = std::move(in_order); }

    Result<reactor::HttpResponse> call() {
        return aws_.reactor.run(client_.call_json("GetQueueAttributes", "{}", scope_));
    }

    std::vector<std::string> sent(std::string_view header) {
        std::vector<std::string> values;
        const std::scoped_lock lock(mutex_);
        for (const test::ReceivedRequest& request : requests_) {
            values.push_back(request.header(header));
        }
        return values;
    }

    std::string answer(const test::ReceivedRequest& request) {
        while_answering_();
        const std::scoped_lock lock(mutex_);
        requests_.push_back(request);
        return answers_[std::min(requests_.size(), answers_.size()) - 1];
    }

    std::mutex mutex_;
    std::vector<std::string> answers_{http_answer(200, "{}")};
    std::vector<test::ReceivedRequest> requests_;
    std::function<void()> while_answering_ = [] {};
    test::TestServer server_{
        test::replying([this](const test::ReceivedRequest& request) { return answer(request); })};
    AwsSurroundings aws_{server_};
    AwsClient client_{aws_.context, sqs};
    reactor::Scope scope_ = reactor::Scope{}.within(std::chrono::seconds{60});
};

// What a change was decided on is old after a while.
TEST_F(AwsClientTest, BeginsNoAttemptThatComesTooLate) {
    constexpr Milliseconds in_time{20};
    answers({http_answer(503, ""), http_answer(200, "{}")});
    while_answering_ = [in_time] {
        const auto late = std::chrono::steady_clock::now() + in_time;
        while (std::chrono::steady_clock::now() <= late) std::this_thread::yield();
    };
    AwsRequest request = client_.json_request("GetQueueAttributes", "{}");
    request.begins_within = in_time;
    EXPECT_FALSE(aws_.reactor.run(client_.send(request, scope_)));
    EXPECT_LE(sent("X-Amz-Target").size(), 1U);
    request.begins_within = Milliseconds{0};
    EXPECT_TRUE(aws_.reactor.run(client_.send(std::move(request), scope_)));
}

TEST_F(AwsClientTest, SendsOneSignedRequest) {
    ASSERT_TRUE(call());
    EXPECT_THAT(sent("X-Amz-Target"), ElementsAre("AmazonSQS.GetQueueAttributes"));
    EXPECT_THAT(sent("Content-Type"), ElementsAre("application/x-amz-json-1.0"));
    EXPECT_THAT(sent("X-Amz-Date"), ElementsAre("20261123T120000Z"));
    EXPECT_THAT(sent("X-Amz-Security-Token"), ElementsAre("old-token"));
    EXPECT_THAT(sent("Authorization"),
                ElementsAre(HasSubstr("Credential=AKIDOLD/20261123/eu-west-1/sqs/aws4_request")));
    EXPECT_THAT(sent("amz-sdk-request"), ElementsAre("attempt=1; max=3"));
}

TEST_F(AwsClientTest, TriesThreeTimesAndNamesTheCallTheSame) {
    answers({refusal(500, "InternalError", "oops")});
    const auto result = call();
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, ErrorKind::retryable);
    EXPECT_EQ(result.error().service, "SQS");
    EXPECT_THAT(sent("amz-sdk-request"),
                ElementsAre("attempt=1; max=3", "attempt=2; max=3", "attempt=3; max=3"));
    const auto ids = sent("amz-sdk-invocation-id");
    EXPECT_EQ(ids[0].size(), 36U);
    EXPECT_THAT(ids, ElementsAre(ids[0], ids[0], ids[0]));
}

TEST_F(AwsClientTest, ThrottlingAsA400IsTriedAgain) {
    answers({refusal(400, "ThrottlingException", "Rate exceeded"), http_answer(200, "{}")});
    EXPECT_TRUE(call());
    EXPECT_THAT(requests_, SizeIs(2));
}

// A load balancer's "404" is not AWS's: nothing is gone for that.
TEST_F(AwsClientTest, AWebPageOnTheWayIsNoAnswer) {
    for (const int status : {200, 403, 404}) {
        for (const char* page :
             {"<html>default backend - 404</html>", "\n<!DOCTYPE HTML><p>Sign in"}) {
            answers({http_answer(status, page), http_answer(200, "{}")});
            requests_.clear();
            EXPECT_TRUE(call()) << "it is asked for again";
            answers({http_answer(status, page)});
            requests_.clear();
            const auto result = call();
            ASSERT_FALSE(result) << status << page;
            EXPECT_EQ(result.error().kind, ErrorKind::retryable);
            EXPECT_EQ(result.error().code, "NotFromAws");
            EXPECT_THAT(result.error().message, HasSubstr("check the proxy"));
        }
    }
}

TEST_F(AwsClientTest, ANotFoundThatNamesNothingIsNotBelieved) {
    for (const char* body : {"", "404 page not found", R"({"message":"no route"})"}) {
        answers({http_answer(404, body)});
        const auto result = call();
        ASSERT_FALSE(result);
        EXPECT_EQ(result.error().kind, ErrorKind::retryable) << body;
    }
}

TEST_F(AwsClientTest, AThrottledOperationWaitsItsTurnAndAnotherDoesNot) {
    answers({refusal(400, "ThrottlingException", "Rate exceeded"), http_answer(200, "{}")});
    EXPECT_TRUE(call()) << "one token is there at once";
    EXPECT_THAT(requests_, SizeIs(2));
    const reactor::Scope whole = std::exchange(scope_, reactor::Scope{}.within(Milliseconds{5}));
    const auto result = call();
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, ErrorKind::cancelled);
    EXPECT_THAT(result.error().message, HasSubstr("GetQueueAttributes waited its turn"));
    EXPECT_THAT(requests_, SizeIs(2)) << "not sent";
    EXPECT_TRUE(aws_.reactor.run(client_.call_json("ListQueues", "{}", whole)));
}

TEST_F(AwsClientTest, WhoIsThrottledThroughoutIsToldSoAndNotThatTimeRanOut) {
    answers({refusal(400, "ThrottlingException", "Rate exceeded")});
    scope_ = reactor::Scope{}.within(Milliseconds{300});
    const auto result = call();
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, ErrorKind::throttled);
}

TEST_F(AwsClientTest, WhatCannotSucceedLaterIsNotTriedAgain) {
    answers({refusal(403, "AccessDeniedException", "no")});
    const auto result = call();
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, ErrorKind::denied);
    EXPECT_THAT(requests_, SizeIs(1));
}

TEST_F(AwsClientTest, AnOutageUsesUpTheQuotaAndIsThenAskedOnlyOnceACall) {
    answers({refusal(503, "ServiceUnavailable", "down")});
    for (int i = 0; i < 20; ++i) EXPECT_FALSE(call());
    EXPECT_THAT(requests_, SizeIs(20 + 35));  // 500 tokens pay for 35 retries at 14
}

TEST_F(AwsClientTest, ExpiredKeysAreFetchedAnewOnceWithoutCostingAnAttempt) {
    answers({refusal(400, "ExpiredTokenException", "expired"), http_answer(200, "{}")});
    aws_.keys.next = sigv4::Credentials{"AKIDNEW", Secret{"new-secret"}, Secret{}};
    EXPECT_TRUE(call());
    EXPECT_THAT(aws_.keys.refusals, ElementsAre("AKIDOLD"));
    EXPECT_THAT(sent("Authorization"), ElementsAre(HasSubstr("AKIDOLD"), HasSubstr("AKIDNEW")));
    EXPECT_THAT(sent("amz-sdk-request"), ElementsAre("attempt=1; max=3", "attempt=1; max=3"));
}

TEST_F(AwsClientTest, KeysThatTheServiceDoesNotKnowAreFetchedAnewToo) {
    for (const char* code :
         {"UnrecognizedClientException", "InvalidClientTokenId", "InvalidAccessKeyId"}) {
        answers({refusal(403, code, "no such key"), http_answer(200, "{}")});
        aws_.keys.keys.access_key_id = "AKIDOLD";
        aws_.keys.next = sigv4::Credentials{"AKIDNEW", Secret{"new-secret"}, Secret{}};
        EXPECT_TRUE(call()) << code;
        EXPECT_EQ(aws_.keys.refusals.back(), "AKIDOLD");
    }
}

TEST_F(AwsClientTest, KeysThatStayExpiredAreAnErrorAndNotSentAgain) {
    answers({refusal(400, "ExpiredTokenException", "expired")});
    const auto result = call();
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, ErrorKind::denied);
    EXPECT_THAT(aws_.keys.refusals, SizeIs(1));
    EXPECT_THAT(requests_, SizeIs(1));
}

TEST_F(AwsClientTest, AClockThatIsWrongIsCorrectedByTheAnswerThatRefusesIt) {
    answers({refusal(403, "InvalidSignatureException", "Signature expired: ...",
                     "Date: Mon, 23 Nov 2026 15:00:00 GMT\r\n"),
             http_answer(200, "{}", "Date: Mon, 23 Nov 2026 15:00:00 GMT\r\n")});
    EXPECT_TRUE(call());
    EXPECT_THAT(sent("X-Amz-Date"), ElementsAre("20261123T120000Z", "20261123T150000Z"));
    EXPECT_TRUE(call());
    EXPECT_EQ(sent("X-Amz-Date").back(), "20261123T150000Z") << "and stays corrected";
}

TEST_F(AwsClientTest, ARightClockIsNoReasonToRepeatARefusedSignature) {
    answers({refusal(403, "InvalidSignatureException", "The signature does not match",
                     "Date: Mon, 23 Nov 2026 12:00:01 GMT\r\n")});
    EXPECT_FALSE(call());
    EXPECT_THAT(requests_, SizeIs(1));
}

TEST_F(AwsClientTest, NothingIsSentOnceTheScopeHasEnded) {
    scope_ = reactor::Scope{}.within(Milliseconds{0});
    const auto result = call();
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, ErrorKind::cancelled);
    EXPECT_THAT(requests_, IsEmpty());
}

TEST_F(AwsClientTest, AQueryCallCarriesItsParametersAsAForm) {
    AwsClient client{aws_.context, sts};
    std::vector<sigv4::Field> parameters{{"RoleArn", "arn:aws:iam::1:role/a b"}};
    ASSERT_TRUE(
        aws_.reactor.run(client.call_query("AssumeRole", std::move(parameters), false, scope_)));
    EXPECT_EQ(requests_[0].body,
              "RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fa%20b&Action=AssumeRole&Version=2011-06-15");
    EXPECT_THAT(sent("Content-Type"),
                ElementsAre("application/x-www-form-urlencoded; charset=utf-8"));
}

TEST_F(AwsClientTest, AnAnonymousCallIsNotSigned) {
    AwsClient client{aws_.context, sts};
    ASSERT_TRUE(aws_.reactor.run(client.call_query("AssumeRoleWithWebIdentity", {}, true, scope_)));
    EXPECT_THAT(sent("Authorization"), ElementsAre(""));
    EXPECT_THAT(sent("X-Amz-Security-Token"), ElementsAre(""));
}

// Answers the first request of each connection, and hangs up after reading the second.
TEST(AwsClientConnections, AKeptConnectionFoundClosedIsReplacedAtOnce) {
    test::TestServer server{[](test::TestConnection& connection) {
        if (connection.read_request()) connection.send(http_answer(200, "{}"));
        connection.read_request();
    }};
    AwsSurroundings aws{server};
    AwsClient client{aws.context, sqs};
    const auto scope = reactor::Scope{}.within(std::chrono::seconds{60});
    EXPECT_TRUE(aws.reactor.run(client.call_json("GetQueueAttributes", "{}", scope)));
    EXPECT_TRUE(aws.reactor.run(client.call_json("GetQueueAttributes", "{}", scope)));
    EXPECT_EQ(server.connections(), 2);
}

}  // namespace
}  // namespace fas::clients
