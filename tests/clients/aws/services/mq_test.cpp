// Against a real server that answers as Amazon MQ does.
// https://docs.aws.amazon.com/amazon-mq/latest/api-reference/brokers-broker-id.html
#include "clients/aws/services/mq.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/clients/aws/aws_fixture.h"
#include "tests/reactor/answer.h"

namespace fas::clients {
namespace {

using test::answer;
using test::http_answer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Result<MqBroker> broker_from(std::string bytes, test::ReceivedRequest* asked = nullptr) {
    const test::TestServer server(
        test::replying([asked, bytes = std::move(bytes)](const test::ReceivedRequest& request) {
            if (asked != nullptr) *asked = request;
            return bytes;
        }));
    AwsSurroundings aws(server);
    MqClient client(aws.context);
    return aws.reactor.run(
        client.describe_broker("b-1/2", reactor::Scope{}.within(std::chrono::seconds{60})));
}

TEST(MqClient, FindsTheConsolesOfAPair) {
    test::ReceivedRequest asked;
    const auto broker = broker_from(
        http_answer(200, R"({"brokerArn":"arn:aws:mq:eu-west-1:1:broker:orders:b-1",)"
                         R"("brokerId":"b-1","brokerName":"orders","brokerState":"RUNNING",)"
                         R"("deploymentMode":"ACTIVE_STANDBY_MULTI_AZ","engineType":"ACTIVEMQ",)"
                         R"("engineVersion":"5.18","brokerInstances":[)"
                         R"({"consoleURL":"https://b-1-1.mq.eu-west-1.amazonaws.com:8162",)"
                         R"("endpoints":["ssl://b-1-1.mq.eu-west-1.amazonaws.com:61617"]},)"
                         R"({"consoleURL":"https://b-1-2.mq.eu-west-1.amazonaws.com:8162/"}]})"),
        &asked);
    ASSERT_TRUE(broker) << broker.error().message;
    EXPECT_EQ(broker->name, "orders");
    EXPECT_EQ(broker->state, "RUNNING");
    EXPECT_EQ(broker->engine, MqEngine::activemq);
    EXPECT_THAT(broker->console_urls, ElementsAre("https://b-1-1.mq.eu-west-1.amazonaws.com:8162",
                                                  "https://b-1-2.mq.eu-west-1.amazonaws.com:8162"));
    EXPECT_EQ(asked.target, "/v1/brokers/b-1%2F2");
    EXPECT_EQ(asked.method, "GET");
    EXPECT_THAT(asked.header("Authorization"), HasSubstr("/eu-west-1/mq/aws4_request"));
}

TEST(MqClient, TellsTheErrorsApart) {
    const auto missing = broker_from(
        http_answer(404, R"({"errorAttribute":"broker-id","message":"Can't find broker"})",
                    "x-amzn-ErrorType: NotFoundException\r\n"));
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().kind, ErrorKind::not_found);
    EXPECT_EQ(missing.error().service, "MQ");
    EXPECT_THAT(missing.error().message, HasSubstr("Can't find broker"));

    const auto denied = broker_from(http_answer(403, R"({"message":"no mq:DescribeBroker"})"));
    ASSERT_FALSE(denied);
    EXPECT_EQ(denied.error().kind, ErrorKind::denied);
}

TEST(MqAnswer, ABrokerThatIsBeingMadeHasNoConsoleYet) {
    for (const char* body : {R"({"brokerState":"CREATION_IN_PROGRESS","engineType":"RABBITMQ"})",
                             R"({"brokerState":"CREATION_IN_PROGRESS","engineType":"RabbitMQ",)"
                             R"("brokerInstances":[{"endpoints":[]},{"consoleURL":null}]})"}) {
        const auto broker = read_broker(answer(body));
        ASSERT_TRUE(broker) << broker.error().message;
        EXPECT_EQ(broker->engine, MqEngine::rabbitmq);
        EXPECT_EQ(broker->state, "CREATION_IN_PROGRESS");
        EXPECT_THAT(broker->console_urls, IsEmpty());
    }
}

TEST(MqAnswer, WithoutWhatWasAskedForItIsUnusable) {
    for (const char* body :
         {"", "[]", "{}", R"({"brokerState":"RUNNING"})", R"({"engineType":"ACTIVEMQ"})",
          R"({"brokerState":7,"engineType":"ACTIVEMQ"})",
          R"({"brokerState":"RUNNING","engineType":"ARTEMIS"})",
          R"({"brokerState":"RUNNING","engineType":"ACTIVEMQ",)"
          R"("brokerInstances":[{"consoleURL":"http://b-1.mq.eu-west-1.amazonaws.com:8162"}]})"}) {
        const auto broker = read_broker(answer(body));
        ASSERT_FALSE(broker) << body;
        EXPECT_EQ(broker.error().code, "UnusableAnswer");
        EXPECT_EQ(broker.error().kind, ErrorKind::invalid);
    }
}

TEST(MqAnswer, AConsoleWithoutAUsableAddressIsNone) {
    for (const char* url : {"https://", "https:///", "https://user@b-1", "https://b-1/?a",
                            "https://b-1/#a", R"(https://b-1\nb-2)", "https://b-1:port"}) {
        const auto broker = read_broker(
            answer(R"({"brokerState":"RUNNING","engineType":"ACTIVEMQ","brokerInstances":)"
                   R"([{"consoleURL":")" +
                   std::string{url} + R"("}]})"));
        ASSERT_FALSE(broker) << url;
        EXPECT_EQ(broker.error().code, "UnusableAnswer");
    }
}

TEST(MqAnswer, AStateCanBeShown) {
    const auto broker =
        read_broker(answer(R"({"brokerState":"RUNNING\u001b[31m","engineType":"ACTIVEMQ"})"));
    ASSERT_TRUE(broker) << broker.error().message;
    EXPECT_EQ(broker->state, "RUNNING");
}

TEST(MqAnswer, NoMoreInstancesThanABrokerHas) {
    std::string body = R"({"brokerState":"RUNNING","engineType":"ACTIVEMQ","brokerInstances":[)";
    for (int i = 0; i < 17; ++i) body += R"({"consoleURL":"https://b"},)";
    body.back() = ']';
    const auto broker = read_broker(answer(body + '}'));
    ASSERT_FALSE(broker);
    EXPECT_THAT(broker.error().message, HasSubstr("too many"));
}

}  // namespace
}  // namespace fas::clients
