#include "clients/endpoint.h"

#include <gtest/gtest.h>

#include <map>

namespace fas::clients {
namespace {

constexpr AwsService sqs{.name = "SQS",
                         .signing_name = "sqs",
                         .host_prefix = "sqs",
                         .target_prefix = "AmazonSQS",
                         .protocol = Protocol::json_1_0};

Result<Endpoint> resolve(const std::string& region, std::map<std::string, std::string> variables) {
    return resolve_endpoint(
        sqs, region, [variables](const char* name) -> std::optional<std::string> {
            const auto found = variables.find(name);
            return found == variables.end() ? std::nullopt : std::optional{found->second};
        });
}

TEST(Endpoint, IsAwssOwnHostOverHttps) {
    const auto endpoint = resolve("eu-west-1", {});
    EXPECT_EQ(endpoint->scheme, "https");
    EXPECT_EQ(endpoint->host, "sqs.eu-west-1.amazonaws.com");
    EXPECT_FALSE(endpoint->user_named);
}

TEST(Endpoint, HasThePartitionsSuffix) {
    EXPECT_EQ(resolve("cn-north-1", {})->host, "sqs.cn-north-1.amazonaws.com.cn");
    EXPECT_EQ(resolve("us-gov-west-1", {})->host, "sqs.us-gov-west-1.amazonaws.com");
    EXPECT_EQ(resolve("us-isob-east-1", {})->host, "sqs.us-isob-east-1.sc2s.sgov.gov");
}

TEST(Endpoint, TheServicesVariableWinsOverTheGeneralOne) {
    const auto endpoint = resolve("eu-west-1", {{"AWS_ENDPOINT_URL", "http://localhost:5000"},
                                                {"AWS_ENDPOINT_URL_SQS", "https://queue.test/x/"}});
    EXPECT_EQ(endpoint->scheme, "https");
    EXPECT_EQ(endpoint->host, "queue.test");
    EXPECT_EQ(endpoint->base_path, "/x");
    EXPECT_TRUE(endpoint->user_named);
    EXPECT_EQ(resolve("eu-west-1", {{"AWS_ENDPOINT_URL", "http://localhost:5000"}})->host,
              "localhost:5000");
}

TEST(Endpoint, CanBeToldToIgnoreThem) {
    EXPECT_EQ(resolve("eu-west-1", {{"AWS_ENDPOINT_URL", "http://localhost:5000"},
                                    {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"}})
                  ->host,
              "sqs.eu-west-1.amazonaws.com");
}

TEST(Endpoint, LeavesOutTheSchemesOwnPort) {
    EXPECT_EQ(resolve("x", {{"AWS_ENDPOINT_URL", "https://a:443"}})->host, "a");
    EXPECT_EQ(resolve("x", {{"AWS_ENDPOINT_URL", "http://a:80/"}})->host, "a");
    EXPECT_EQ(resolve("x", {{"AWS_ENDPOINT_URL", "http://a:443"}})->host, "a:443");
}

TEST(Endpoint, ABadOneIsRefusedByName) {
    for (const char* url : {"localhost:5000", "ftp://a", "https://", "https://user:pass@a",
                            "https://a?x=1", "https://a#b", "https://a b"}) {
        const auto endpoint = resolve("eu-west-1", {{"AWS_ENDPOINT_URL_SQS", url}});
        ASSERT_FALSE(endpoint) << url;
        EXPECT_EQ(endpoint.error().kind, ErrorKind::invalid);
        EXPECT_NE(endpoint.error().message.find("AWS_ENDPOINT_URL_SQS"), std::string::npos);
        EXPECT_EQ(endpoint.error().message.find("pass"), std::string::npos);
    }
}

}  // namespace
}  // namespace fas::clients
