// Against a real server that answers as Lambda does.
// https://docs.aws.amazon.com/lambda/latest/api/API_GetProvisionedConcurrencyConfig.html
#include "clients/aws/services/lambda.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/clients/aws/answered_client.h"

namespace fas::clients {
namespace {

using test::http_answer;
using ::testing::HasSubstr;

const std::string arn = "arn:aws:lambda:eu-west-1:123456789012:function:jobs";

std::string no_config() {
    return http_answer(404,
                       R"({"Type":"User","Message":"No Provisioned Concurrency Config found"})",
                       "x-amzn-errortype: ProvisionedConcurrencyConfigNotFoundException\r\n");
}

class LambdaClientTest : public AnsweredClient<LambdaClient> {
  protected:
    Result<std::optional<ProvisionedConcurrency>> config_from(std::string answer) {
        return answered(std::move(answer), [](LambdaClient& client, reactor::Scope scope) {
            return client.provisioned_concurrency(arn, "live", std::move(scope));
        });
    }

    Result<std::string> set(std::int64_t count, std::string answer) {
        return answered(std::move(answer), [count](LambdaClient& client, reactor::Scope scope) {
            return client.set_provisioned_concurrency("jobs", "live", Tasks{count},
                                                      std::move(scope));
        });
    }
};

TEST_F(LambdaClientTest, ReadsWhatIsAskedForAndWhatThereIs) {
    const auto config =
        config_from(http_answer(200, R"({"RequestedProvisionedConcurrentExecutions":10,)"
                                     R"("AvailableProvisionedConcurrentExecutions":4,)"
                                     R"("AllocatedProvisionedConcurrentExecutions":6,)"
                                     R"("Status":"IN_PROGRESS"})"));
    ASSERT_TRUE(config) << config.error().message;
    ASSERT_TRUE(*config);
    EXPECT_EQ((*config)->requested, Tasks{10});
    EXPECT_EQ((*config)->available, Tasks{4});
    EXPECT_EQ((*config)->status, "IN_PROGRESS");
    EXPECT_EQ(asked_.method, "GET");
    EXPECT_EQ(asked_.target,
              "/2019-09-30/functions/arn%3Aaws%3Alambda%3Aeu-west-1%3A123456789012%3Afunction%3A"
              "jobs/provisioned-concurrency?Qualifier=live");
    EXPECT_EQ(asked_.body, "");
}

TEST_F(LambdaClientTest, NoneConfiguredIsNoError) {
    const auto config = config_from(no_config());
    ASSERT_TRUE(config) << config.error().message;
    EXPECT_FALSE(*config);
}

TEST_F(LambdaClientTest, AFunctionThatIsNotThereIsNotFound) {
    const auto config =
        config_from(http_answer(404, R"({"Type":"User","Message":"Function not found: jobs:live"})",
                                "x-amzn-errortype: ResourceNotFoundException\r\n"));
    ASSERT_FALSE(config);
    EXPECT_EQ(config.error().kind, ErrorKind::not_found);
    EXPECT_EQ(config.error().code, "ResourceNotFoundException");
    EXPECT_THAT(config.error().message, HasSubstr("Function not found"));
}

TEST(ProvisionedConcurrency, WhatIsNotToldIsNotZero) {
    for (const char* body :
         {"", "{}", "[]", R"({"RequestedProvisionedConcurrentExecutions":1,"Status":"READY"})",
          R"({"AvailableProvisionedConcurrentExecutions":1,"Status":"READY"})",
          R"({"RequestedProvisionedConcurrentExecutions":-1,)"
          R"("AvailableProvisionedConcurrentExecutions":1,"Status":"READY"})",
          R"({"RequestedProvisionedConcurrentExecutions":"1",)"
          R"("AvailableProvisionedConcurrentExecutions":1,"Status":"READY"})",
          R"({"RequestedProvisionedConcurrentExecutions":1,)"
          R"("AvailableProvisionedConcurrentExecutions":1})",
          R"({"RequestedProvisionedConcurrentExecutions":1,)"
          R"("AvailableProvisionedConcurrentExecutions":1,"Status":"SOON"})"}) {
        const auto read = read_provisioned_concurrency(reactor::HttpResponse{200, {}, body});
        ASSERT_FALSE(read) << body;
        EXPECT_EQ(read.error().kind, ErrorKind::invalid);
        EXPECT_EQ(read.error().code, "UnusableAnswer");
    }
}

TEST(ProvisionedConcurrency, MayTellOfTheAllocatedAloneWhileItIsGettingReady) {
    const auto read = read_provisioned_concurrency(
        reactor::HttpResponse{200,
                              {},
                              R"({"RequestedProvisionedConcurrentExecutions":9,)"
                              R"("AllocatedProvisionedConcurrentExecutions":0,)"
                              R"("Status":"IN_PROGRESS"})"});
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->available, Tasks{0});
}

TEST_F(LambdaClientTest, PutsACount) {
    const auto done = set(7, http_answer(202, "{}", "x-amzn-RequestId: r-7\r\n"));
    ASSERT_TRUE(done) << done.error().message;
    EXPECT_EQ(*done, "r-7");
    EXPECT_EQ(asked_.method, "PUT");
    EXPECT_EQ(asked_.target, "/2019-09-30/functions/jobs/provisioned-concurrency?Qualifier=live");
    EXPECT_EQ(asked_.body, R"({"ProvisionedConcurrentExecutions":7})");
    EXPECT_EQ(asked_.header("Content-Type"), "application/json");
}

TEST_F(LambdaClientTest, DeletesTheConfigurationForNone) {
    const auto done = set(0, "HTTP/1.1 204 No Content\r\nx-amzn-RequestId: r-8\r\n\r\n");
    ASSERT_TRUE(done) << done.error().message;
    EXPECT_EQ(*done, "r-8");
    EXPECT_EQ(asked_.method, "DELETE");
    EXPECT_EQ(asked_.body, "");
    EXPECT_TRUE(set(0, no_config()));
    EXPECT_FALSE(set(1, no_config()));
}

TEST_F(LambdaClientTest, AnotherChangeThatGoesOnIsAConflict) {
    const auto done = set(7, http_answer(409, R"({"Message":"An update is in progress"})",
                                         "x-amzn-errortype: ResourceConflictException\r\n"));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().kind, ErrorKind::conflict);
    EXPECT_THAT(done.error().message, HasSubstr("An update is in progress"));
}

}  // namespace
}  // namespace fas::clients
