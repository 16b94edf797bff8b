#include "clients/aws/credentials/web_identity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/clients/aws/credentials/source_fixture.h"

namespace fas::clients {
namespace {

using test::http_answer;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

class WebIdentityTest : public ::testing::Test {
  protected:
    Variables complete() {
        return {{"AWS_ENDPOINT_URL_STS", server_.url()},
                {"AWS_WEB_IDENTITY_TOKEN_FILE", file_.path()},
                {"AWS_ROLE_ARN", "arn:aws:iam::1:role/pod"},
                {"AWS_ROLE_SESSION_NAME", "pod-7"}};
    }

    Result<FetchedCredentials> fetch(Variables variables) {
        SourceSurroundings here{std::move(variables)};
        const auto source = WebIdentitySource::from_environment(here.parts);
        return here.fetch(*source);
    }

    // With the file named by `path`.
    Error error_of(const std::string& path) {
        Variables variables = complete();
        variables["AWS_WEB_IDENTITY_TOKEN_FILE"] = path;
        const auto fetched = fetch(std::move(variables));
        EXPECT_FALSE(fetched);
        return fetched ? Error{} : fetched.error();
    }

    TemporaryFile file_{"first-token\n"};
    RecordingServer server_{RecordingServer::in_order(
        {http_answer(200,
                     "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult>"
                     "<Credentials><AccessKeyId>ASIAPOD</AccessKeyId>"
                     "<SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken>"
                     "<Expiration>2026-11-23T13:00:00Z</Expiration></Credentials>"
                     "</AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>")})};
};

TEST_F(WebIdentityTest, TheEnvironmentNamesTokenRoleAndSession) {
    const auto fetched = fetch(complete());
    ASSERT_TRUE(fetched) << fetched.error().message;
    EXPECT_EQ(fetched->keys.access_key_id, "ASIAPOD");
    EXPECT_THAT(server_.requests().at(0).body,
                AllOf(HasSubstr("WebIdentityToken=first-token&"), HasSubstr("role%2Fpod"),
                      HasSubstr("RoleSessionName=pod-7")));
}

TEST_F(WebIdentityTest, TheTokenIsReadAnewForEachFetch) {
    SourceSurroundings here{complete()};
    const auto source = WebIdentitySource::from_environment(here.parts);
    EXPECT_TRUE(here.fetch(*source));
    file_.write("second-token");
    EXPECT_TRUE(here.fetch(*source));
    EXPECT_THAT(server_.requests().at(1).body, HasSubstr("WebIdentityToken=second-token&"));
}

TEST_F(WebIdentityTest, WithoutATokenFileItIsNotConfigured) {
    Variables variables = complete();
    variables.erase("AWS_WEB_IDENTITY_TOKEN_FILE");
    EXPECT_EQ(fetch(variables).error().code, "NotConfigured");
}

TEST_F(WebIdentityTest, ATokenFileWithoutARoleIsAMistake) {
    Variables variables = complete();
    variables.erase("AWS_ROLE_ARN");
    const Error error = fetch(variables).error();
    EXPECT_EQ(error.kind, ErrorKind::denied);
    EXPECT_EQ(error.code, "NoRole");
    EXPECT_THAT(error.message, HasSubstr("set AWS_ROLE_ARN"));
    EXPECT_THAT(server_.requests(), SizeIs(0));
}

TEST_F(WebIdentityTest, ATokenFileThatCannotBeReadIsNamed) {
    const std::string missing = file_.folder() + "/missing";
    EXPECT_EQ(error_of(missing).kind, ErrorKind::denied);
    EXPECT_EQ(error_of(missing).code, "BadTokenFile");
    EXPECT_EQ(error_of(missing).message,
              "cannot read the web identity token in " + missing + ": No such file or directory");
    EXPECT_THAT(error_of(file_.folder()).message, HasSubstr("Is a directory"));
    const std::string pipe = file_.folder() + "/pipe";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    EXPECT_THAT(error_of(pipe).message, HasSubstr("no regular file")) << "and it does not hang";
}

TEST_F(WebIdentityTest, ATokenOfTheWrongSizeIsNotSent) {
    file_.write("");
    EXPECT_THAT(error_of(file_.path()).message, HasSubstr("it is empty"));
    file_.write(std::string(70'000, 'x'));
    EXPECT_THAT(error_of(file_.path()).message,
                AllOf(HasSubstr("larger than 64 KiB"), Not(HasSubstr("xxx"))));
    EXPECT_THAT(server_.requests(), SizeIs(0));
}

}  // namespace
}  // namespace fas::clients
