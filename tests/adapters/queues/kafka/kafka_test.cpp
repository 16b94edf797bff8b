// Kafka's settings, and what is made of CloudWatch's answers. What a cluster answers is asked of a
// real one, in tests/brokers/.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <string>
#include <vector>

#include "adapters/queues/kinds.h"
#include "tests/clients/aws/aws_fixture.h"

namespace fas::adapters {
namespace {

using test::http_answer;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string arn = "arn:aws:kafka:eu-west-1:123456789012:cluster/orders/0b9c6e54-1111-3";
using Texts = std::map<std::string, std::string>;

Options options_of(const Texts& texts) {
    Options options(queues::kafka);
    for (const auto& [key, text] : texts) options.set(key, text);
    return options;
}

std::optional<Clash> problem_of(const Texts& texts) {
    return queues::kafka.table.check(options_of(texts).get());
}

TEST(KafkaSource, NamesWhatItReads) {
    EXPECT_EQ(queues::kafka.name_of(options_of({{"consumer_group", "workers"},
                                                {"topic", "orders"},
                                                {"bootstrap_servers", "b-1:9092"}})),
              "Kafka group workers of topic orders at b-1:9092");
    const std::string by_arn = queues::kafka.name_of(options_of(
        {{"consumer_group", "workers"}, {"msk_cluster_arn", arn}, {"password", "hush"}}));
    EXPECT_THAT(by_arn, HasSubstr("workers of all its topics at arn:aws:kafka:"));
    EXPECT_THAT(by_arn, Not(HasSubstr("hush")));
}

TEST(KafkaSource, CloudWatchNeedsTheClusterAndTheTopic) {
    EXPECT_FALSE(problem_of({{"via", "cloudwatch"},
                             {"consumer_group", "w"},
                             {"topic", "t"},
                             {"msk_cluster_arn", arn}}));
    EXPECT_EQ(problem_of({{"via", "cloudwatch"}, {"consumer_group", "w"}, {"topic", "t"}})->key,
              "msk_cluster_arn");
    EXPECT_EQ(
        problem_of({{"via", "cloudwatch"}, {"consumer_group", "w"}, {"msk_cluster_arn", arn}})->key,
        "topic");
}

#ifdef FAS_KAFKA
TEST(KafkaSource, SettingsThatFitAreAccepted) {
    const std::vector<Texts> fitting{
        {},
        {{"security_protocol", "SSL"}, {"ca_file", "/etc/ca.pem"}},
        {{"sasl_mechanism", "SCRAM-SHA-512"}, {"username", "u"}, {"password", "p"}},
        {{"sasl_mechanism", "PLAIN"},
         {"username", "u"},
         {"password", "p"},
         {"security_protocol", "SASL_PLAINTEXT"}},
        {{"sasl_mechanism", "AWS_MSK_IAM"}},
    };
    for (Texts texts : fitting) {
        texts["bootstrap_servers"] = "b-1:9092";
        texts["consumer_group"] = "w";
        EXPECT_FALSE(problem_of(texts)) << problem_of(texts)->message;
    }
}

TEST(KafkaSource, SettingsThatDoNotFitAreToldWithTheOneToChange) {
    const std::vector<std::pair<Texts, std::string>> cases{
        {{{"bootstrap_servers", ""}}, "bootstrap_servers"},
        {{{"security_protocol", "SASL_SSL"}}, "security_protocol"},
        {{{"security_protocol", "SSL"}, {"sasl_mechanism", "PLAIN"}}, "security_protocol"},
        {{{"sasl_mechanism", "AWS_MSK_IAM"}, {"security_protocol", "SASL_PLAINTEXT"}},
         "security_protocol"},
        {{{"sasl_mechanism", "PLAIN"}, {"password", "p"}}, "username"},
        {{{"sasl_mechanism", "PLAIN"}, {"username", "u"}}, "password"},
        {{{"username", "u"}}, "username"},
        {{{"password", "p"}}, "password"},
        {{{"sasl_mechanism", "AWS_MSK_IAM"}, {"password", "p"}}, "password"},
        {{{"ca_file", "/etc/ca.pem"}}, "ca_file"},
    };
    for (const auto& [given, key] : cases) {
        Texts texts{{"bootstrap_servers", "b-1:9092"}, {"consumer_group", "w"}};
        for (const auto& [name, text] : given) texts[name] = text;
        if (texts["bootstrap_servers"].empty()) texts.erase("bootstrap_servers");
        const auto problem = problem_of(texts);
        ASSERT_TRUE(problem) << key;
        EXPECT_EQ(problem->key, key) << problem->message;
    }
}
#else
TEST(KafkaSource, ABuildWithoutLibrdkafkaNamesTheOtherWay) {
    const auto problem = problem_of({{"bootstrap_servers", "b-1:9092"}, {"consumer_group", "w"}});
    ASSERT_TRUE(problem);
    EXPECT_EQ(problem->key, "via");
    EXPECT_THAT(problem->message, HasSubstr("librdkafka"));
    EXPECT_THAT(problem->message, HasSubstr("cloudwatch"));
}
#endif

TEST(KafkaSource, EachTextIsAcceptedExactlyByItsPattern) {
    const std::vector<std::string> texts{"",
                                         "a",
                                         "orders.v1_x-2",
                                         "a b",
                                         "é",
                                         "b-1:9092",
                                         "b-1:9092,[::1]:9093",
                                         "b-1;9092",
                                         "\n",
                                         "tab\tbed",
                                         std::string(249, 'x'),
                                         std::string(250, 'x'),
                                         std::string(256, 'x'),
                                         std::string(4096, 'x'),
                                         std::string(4097, 'x'),
                                         arn,
                                         arn + "/more",
                                         "arn:aws:kafka",
                                         "arn:aws-cn:kafka:cn-north-1:1:cluster/a/b",
                                         "arn:aws:kafka:eu-west-1:1:cluster/a",
                                         "arn:aws:kafka:eu-west-1:1:cluster//b",
                                         "arn:aws:kafka:eu-west-1:1:cluster/a/",
                                         "arn:aws:sqs:eu-west-1:1:cluster/a/b",
                                         "arn:aws:kafka:eu-west-1:1:cluster/a b/c",
                                         "xarn:aws:kafka:eu-west-1:1:cluster/a/b"};
    for (const Row& row : queues::kafka.table.rows) {
        const auto* type = std::get_if<Text>(&row.type);
        if (type == nullptr || row.key == "password" || row.key == "username" ||
            row.key == "ca_file") {
            continue;  // a library's regular expressions count bytes, a schema's count characters
        }
        const std::regex pattern{type->grammar.pattern()};
        for (const std::string& text : texts) {
            EXPECT_EQ(type->grammar.accepts(text), std::regex_search(text, pattern))
                << row.key << ": " << text;
        }
    }
}

class KafkaMetricTest : public ::testing::Test {
  protected:
    Result<scaling::QueueDepth> depth_from(std::string body) {
        const test::TestServer server(
            test::replying([this, body = std::move(body)](const test::ReceivedRequest& r) {
                asked_ = r;
                return http_answer(200, body);
            }));
        clients::AwsSurroundings aws(server);
        clients::AwsAccount account(aws.context);
        clients::Brokers brokers;
        const auto source = queues::kafka.make(options_of({{"via", "cloudwatch"},
                                                           {"consumer_group", "workers"},
                                                           {"topic", "orders"},
                                                           {"msk_cluster_arn", arn}}),
                                               {account, brokers});
        return aws.reactor.run(source->read(reactor::Scope{}.within(std::chrono::seconds(60))));
    }

    static std::string metric(const std::string& values) {
        return R"({"Messages":[],"MetricDataResults":[{"Id":"lag","Label":"SumOffsetLag",)"
               R"("StatusCode":"Complete","Timestamps":[1795435140],"Values":[)" +
               values + "]}]}";
    }

    test::ReceivedRequest asked_;  // read after the server has ended
};

TEST_F(KafkaMetricTest, ReadsMsksOwnSumOfTheLag) {
    const auto depth = depth_from(metric("1234.0"));
    ASSERT_TRUE(depth) << depth.error().message;
    EXPECT_EQ(depth->visible, Messages{1234});
    EXPECT_EQ(depth->in_flight, Messages{0});
    EXPECT_EQ(depth->measured_at, from_epoch_seconds(1795435140));
    for (const char* part :
         {R"("Namespace":"AWS/Kafka")", R"("MetricName":"SumOffsetLag")",
          R"({"Name":"Cluster Name","Value":"orders"})", R"({"Name":"Topic","Value":"orders"})",
          R"({"Name":"Consumer Group","Value":"workers"})"}) {
        EXPECT_THAT(asked_.body, HasSubstr(part));
    }
}

TEST_F(KafkaMetricTest, AMetricWithoutDataIsNotZero) {
    for (const std::string& body :
         {std::string(R"({"Messages":[],"MetricDataResults":[]})"),
          std::string(R"({"Messages":[],"MetricDataResults":[{"Id":"lag","Label":"L",)"
                      R"("StatusCode":"Complete","Timestamps":[],"Values":[]}]})")}) {
        const auto depth = depth_from(body);
        ASSERT_FALSE(depth) << body;
        EXPECT_EQ(depth.error().code, "NoData");
        EXPECT_EQ(depth.error().kind, ErrorKind::not_found);
        EXPECT_THAT(depth.error().message, HasSubstr("group workers of topic orders"));
    }
}

TEST_F(KafkaMetricTest, WhatIsNoLagIsNotRead) {
    for (const char* value : {"-1", "1e300"}) {
        const auto depth = depth_from(metric(value));
        ASSERT_FALSE(depth) << value;
        EXPECT_EQ(depth.error().code, "UnusableAnswer");
    }
}

}  // namespace
}  // namespace fas::adapters
