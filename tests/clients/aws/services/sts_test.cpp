// What STS is asked, and how its answers are read.
#include "clients/aws/services/sts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/clients/aws/aws_fixture.h"
#include "tests/clients/aws/credentials/source_fixture.h"

namespace fas::clients {
namespace {

using test::http_answer;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::string keys_xml(const std::string& operation, const std::string& expiration) {
    return "<" + operation + R"(Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><)" +
           operation +
           "Result><Credentials><AccessKeyId>ASIAROLE</AccessKeyId>"
           "<SecretAccessKey>role/secret+</SecretAccessKey>"
           "<SessionToken>role&amp;token==</SessionToken><Expiration>" +
           expiration + "</Expiration></Credentials></" + operation + "Result></" + operation +
           "Response>";
}

std::string error_xml(const std::string& code, const std::string& message) {
    return R"(<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error>)"
           "<Type>Sender</Type><Code>" +
           code + "</Code><Message>" + message +
           "</Message></Error><RequestId>r-1</RequestId></ErrorResponse>";
}

class StsTest : public ::testing::Test {
  protected:
    void answers(std::vector<std::string> in_order) {
        reply_ = RecordingServer::in_order(std::move(in_order));
    }

    Result<FetchedCredentials> assume(RoleRequest role) {
        return aws_.reactor.run(client_.assume_role(std::move(role), scope_));
    }

    Result<FetchedCredentials> assume_with(const std::string& token) {
        return aws_.reactor.run(
            client_.assume_role_with_web_identity(role_, Secret{token}, scope_));
    }

    std::string sent_body() { return server_.requests().at(0).body; }

    RecordingServer::Reply reply_ = RecordingServer::in_order(
        {http_answer(200, keys_xml("AssumeRole", "2026-11-23T13:00:00Z"))});
    RecordingServer server_{[this](const auto& request) { return reply_(request); }};
    SourceSurroundings surroundings_{{{"AWS_ENDPOINT_URL_STS", server_.url()}}};
    HandKeys keys_;
    AwsContext aws_{surroundings_.reactor, surroundings_.http,     keys_,      surroundings_.clock,
                    surroundings_.log,     surroundings_.settings, "eu-west-1"};
    StsClient client_{aws_};
    RoleRequest role_{.role_arn = "arn:aws:iam::123456789012:role/scaler",
                      .session_name = "night shift",
                      .external_id = "a=b&c",
                      .duration = std::chrono::minutes{15}};
    reactor::Scope scope_ = reactor::Scope{}.within(std::chrono::seconds{60});
};

TEST_F(StsTest, AssumeRoleIsSignedAndSaysEverything) {
    ASSERT_TRUE(assume(role_));
    EXPECT_EQ(sent_body(),
              "RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fscaler"
              "&RoleSessionName=night%20shift&DurationSeconds=900&ExternalId=a%3Db%26c"
              "&Action=AssumeRole&Version=2011-06-15");
    EXPECT_THAT(server_.requests().at(0).header("Authorization"),
                HasSubstr("/eu-west-1/sts/aws4_request"));
}

TEST_F(StsTest, WhatIsNotGivenIsLeftToSts) {
    ASSERT_TRUE(assume({.role_arn = "arn:aws:iam::1:role/r"}));
    EXPECT_EQ(sent_body(),
              "RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr&RoleSessionName=fast-autoscaler-1795435200"
              "&Action=AssumeRole&Version=2011-06-15");
}

TEST_F(StsTest, TheKeysAreReadWithTheirEnd) {
    const auto fetched = assume(role_);
    ASSERT_TRUE(fetched);
    EXPECT_EQ(fetched->keys.access_key_id, "ASIAROLE");
    EXPECT_EQ(fetched->keys.secret_access_key.reveal(), "role/secret+");
    EXPECT_EQ(fetched->keys.session_token.reveal(), "role&token==");
    EXPECT_EQ(fetched->expires, surroundings_.clock.time + std::chrono::hours{1});
}

TEST_F(StsTest, AWebIdentityIsProofEnoughAndNotSigned) {
    answers({http_answer(200, keys_xml("AssumeRoleWithWebIdentity", "2026-11-23T13:00:00Z"))});
    const auto fetched = assume_with("eyJ.e+/=.x");
    ASSERT_TRUE(fetched);
    EXPECT_EQ(fetched->keys.access_key_id, "ASIAROLE");
    EXPECT_EQ(server_.requests().at(0).header("Authorization"), "");
    EXPECT_THAT(sent_body(),
                AllOf(HasSubstr("WebIdentityToken=eyJ.e%2B%2F%3D.x"),
                      HasSubstr("Action=AssumeRoleWithWebIdentity"), Not(HasSubstr("ExternalId"))));
}

TEST_F(StsTest, ARefusalNamesTheRoleAndNeverTheToken) {
    answers({http_answer(400, error_xml("InvalidIdentityToken", "No provider found"))});
    const auto fetched = assume_with("the-token");
    ASSERT_FALSE(fetched);
    EXPECT_EQ(fetched.error().kind, ErrorKind::denied);
    EXPECT_EQ(fetched.error().code, "InvalidIdentityToken");
    EXPECT_THAT(fetched.error().message,
                AllOf(StartsWith("cannot assume arn:aws:iam::123456789012:role/scaler: "),
                      HasSubstr("No provider found"), Not(HasSubstr("the-token"))));
}

// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html#API_AssumeRoleWithWebIdentity_Errors
TEST_F(StsTest, AnIdentityProviderThatDidNotAnswerStsIsAskedAgain) {
    answers({http_answer(400, error_xml("IDPCommunicationError", "timeout")),
             http_answer(200, keys_xml("AssumeRoleWithWebIdentity", "2026-11-23T13:00:00Z"))});
    EXPECT_TRUE(assume_with("token"));
}

TEST_F(StsTest, AnAnswerWithoutKeysIsNoSuccess) {
    for (const std::string& body :
         {std::string{"<AssumeRoleResponse/>"}, std::string{"{}"}, std::string{},
          keys_xml("AssumeRole", ""), keys_xml("AssumeRole", "tomorrow"),
          keys_xml("GetSessionToken", "2026-11-23T13:00:00Z")}) {
        answers({http_answer(200, body)});
        const auto fetched = assume(role_);
        ASSERT_FALSE(fetched) << body;
        EXPECT_EQ(fetched.error().kind, ErrorKind::invalid);
        EXPECT_EQ(fetched.error().code, "UnusableAnswer");
        EXPECT_THAT(fetched.error().message, Not(HasSubstr("secret")));
    }
}

}  // namespace
}  // namespace fas::clients
