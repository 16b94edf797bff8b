#include "clients/aws/credentials/imds.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/clients/aws/credentials/source_fixture.h"

namespace fas::clients {
namespace {

using test::http_answer;
using test::ReceivedRequest;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr const char* endpoint = "AWS_EC2_METADATA_SERVICE_ENDPOINT";
constexpr std::string_view roles = "/latest/meta-data/iam/security-credentials/";

class ImdsTest : public ::testing::Test {
  protected:
    Result<FetchedCredentials> fetch(Variables variables = {}) {
        variables.try_emplace(endpoint, server_.url());
        SourceSurroundings here{std::move(variables)};
        ImdsSource source{here.parts};
        return here.fetch(source);
    }

    Error error_of(Variables variables = {}) {
        const auto fetched = fetch(std::move(variables));
        EXPECT_FALSE(fetched);
        return fetched ? Error{} : fetched.error();
    }

    // An instance with a role, as far as a test has not changed it.
    std::string answer(const ReceivedRequest& request) {
        if (request.method == "PUT" && request.target == "/latest/api/token") return token_;
        if (request.header("X-aws-ec2-metadata-token") != "hidden-token") {
            return http_answer(401, "");
        }
        if (request.target == roles) return role_;
        if (request.target == std::string{roles} + "worker%2B1") return keys_;
        return http_answer(404, "");
    }

    std::vector<std::string> asked() {
        std::vector<std::string> lines;
        for (const auto& request : server_.requests()) {
            lines.push_back(request.method + " " + request.target);
        }
        return lines;
    }

    std::string token_ = http_answer(200, "hidden-token");
    std::string role_ = http_answer(200, "worker+1");
    std::string keys_ = http_answer(
        200, R"({"Code":"Success","LastUpdated":"2026-11-23T11:00:00Z","Type":"AWS-HMAC",
                 "AccessKeyId":"ASIAEC2","SecretAccessKey":"secret","Token":"token",
                 "Expiration":"2026-11-23T17:00:00Z"})");
    RecordingServer server_{[this](const auto& request) { return answer(request); }};
};

TEST_F(ImdsTest, AsksForATokenThenTheRoleThenItsKeys) {
    const auto fetched = fetch();
    ASSERT_TRUE(fetched) << fetched.error().message;
    EXPECT_EQ(fetched->keys.access_key_id, "ASIAEC2");
    EXPECT_EQ(fetched->expires, *from_epoch_seconds(1'795'435'200) + std::chrono::hours{5});
    EXPECT_THAT(asked(), ElementsAre("PUT /latest/api/token", "GET " + std::string{roles},
                                     "GET " + std::string{roles} + "worker%2B1"));
    EXPECT_EQ(server_.requests().at(0).header("X-aws-ec2-metadata-token-ttl-seconds"), "21600");
}

TEST_F(ImdsTest, WhatIsUnavailableIsAskedAgain) {
    int left = 2;
    for (std::string* answer : {&token_, &role_, &keys_}) {
        const std::string good = *answer;
        left = 2;
        RecordingServer flaky{[&](const ReceivedRequest& request) {
            const bool this_one = this->answer(request) == good;
            return this_one && left-- > 0 ? http_answer(503, "") : this->answer(request);
        }};
        const auto fetched = fetch({{endpoint, flaky.url()}});
        ASSERT_TRUE(fetched) << fetched.error().message;
        EXPECT_EQ(fetched->keys.access_key_id, "ASIAEC2");
        EXPECT_THAT(flaky.requests(), SizeIs(5));
    }
}

TEST_F(ImdsTest, WhatStaysUnavailableIsAskedThreeTimes) {
    token_ = http_answer(503, "");
    EXPECT_EQ(error_of().kind, ErrorKind::retryable);
    EXPECT_THAT(server_.requests(), SizeIs(3));
}

TEST_F(ImdsTest, ATokenThatIsRefusedDoesNotLeadToVersion1) {
    for (const int status : {400, 404, 405}) {
        token_ = http_answer(status, "");
        EXPECT_THAT(error_of().message, HasSubstr("version 1 is not used"));
    }
    EXPECT_THAT(asked(), ::testing::Each("PUT /latest/api/token"));
}

TEST_F(ImdsTest, TurnedOffByTheUserNobodyIsAsked) {
    const Error error = error_of({{"AWS_EC2_METADATA_DISABLED", "TRUE"}});
    EXPECT_EQ(error.kind, ErrorKind::denied);
    EXPECT_EQ(error.code, "NotConfigured");
    EXPECT_THAT(error.message, HasSubstr("AWS_EC2_METADATA_DISABLED is set"));
    EXPECT_THAT(asked(), IsEmpty());
}

TEST_F(ImdsTest, TurnedOffForTheInstanceItIsNotConfigured) {
    token_ = http_answer(403, "");
    EXPECT_EQ(error_of().code, "NotConfigured");
}

TEST_F(ImdsTest, WhereNobodyAnswersTheErrorSaysWhatToSet) {
    const Error error = error_of({{endpoint, "http://127.0.0.1:1"}});
    EXPECT_EQ(error.kind, ErrorKind::denied);
    EXPECT_EQ(error.code, "NotConfigured");
    EXPECT_THAT(error.message,
                AllOf(HasSubstr("no keys from EC2 instance metadata"), HasSubstr("127.0.0.1:1"),
                      HasSubstr("AWS_ACCESS_KEY_ID"), HasSubstr("AWS_PROFILE")));
}

TEST_F(ImdsTest, AnInstanceWithoutARoleIsNotConfigured) {
    role_ = http_answer(404, "");
    const Error error = error_of();
    EXPECT_EQ(error.code, "NotConfigured");
    EXPECT_THAT(error.message, HasSubstr("the instance has no role"));
}

TEST_F(ImdsTest, ARefusalWithTheStatus200IsAnError) {
    keys_ = http_answer(200, R"({"Code":"AssumeRoleUnauthorizedAccess","Message":"not trusted"})");
    const Error error = error_of();
    EXPECT_EQ(error.kind, ErrorKind::denied);
    EXPECT_EQ(error.code, "AssumeRoleUnauthorizedAccess");
    EXPECT_THAT(error.message, AllOf(HasSubstr("worker+1"), HasSubstr("not trusted"),
                                     Not(HasSubstr("hidden-token"))));
}

TEST_F(ImdsTest, WhatIsNoTokenIsNeverSent) {
    token_ = http_answer(200, "");
    EXPECT_EQ(error_of().code, "MetadataRefused");
    token_ = http_answer(200, "two words");
    EXPECT_EQ(error_of().code, "MetadataRefused");
    EXPECT_THAT(server_.requests(), SizeIs(2));
}

TEST_F(ImdsTest, AServiceThatFailsMayBeAskedLater) {
    keys_ = http_answer(500, "");
    const Error error = error_of();
    EXPECT_EQ(error.kind, ErrorKind::retryable);
    EXPECT_EQ(error.code, "MetadataRefused");
    EXPECT_EQ(error.http_status, 500);
}

TEST_F(ImdsTest, AModeThatIsNoneIsAnError) {
    const Error error = error_of({{endpoint, ""},  // as good as unset
                                  {"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv5"}});
    EXPECT_EQ(error.kind, ErrorKind::invalid);
    EXPECT_EQ(error.code, "BadEndpoint");
}

TEST_F(ImdsTest, AnAddressThatIsNoneIsAnErrorThatDoesNotRepeatIt) {
    const Error error = error_of({{endpoint, "http://user:hidden@127.0.0.1/"}});
    EXPECT_EQ(error.code, "BadEndpoint");
    EXPECT_THAT(error.message, AllOf(HasSubstr(endpoint), Not(HasSubstr("hidden"))));
}

}  // namespace
}  // namespace fas::clients
