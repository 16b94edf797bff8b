#include "clients/aws/credentials/assume_role.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "clients/aws/credentials/environment.h"
#include "clients/aws/credentials/refreshing.h"
#include "tests/clients/aws/credentials/source_fixture.h"

namespace fas::clients {
namespace {

using test::http_answer;
using ::testing::HasSubstr;
using ::testing::SizeIs;

std::string keys_of(const std::string& name) {
    return http_answer(200,
                       "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>" + name +
                           "</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>"
                           "token</SessionToken><Expiration>2026-11-23T13:00:00Z</Expiration>"
                           "</Credentials></AssumeRoleResult></AssumeRoleResponse>");
}

RoleRequest role(const std::string& name) {
    return {.role_arn = "arn:aws:iam::1:role/" + name, .session_name = "test"};
}

class AssumeRoleTest : public ::testing::Test {
  protected:
    std::unique_ptr<CredentialsProvider> refreshed(std::unique_ptr<CredentialsSource> source) {
        return std::make_unique<RefreshingCredentials>(std::move(source), here_.reactor,
                                                       here_.clock, here_.log);
    }

    std::unique_ptr<CredentialsProvider> environment_keys() {
        return refreshed(
            std::make_unique<EnvironmentSource>(here_.settings.environment(), here_.clock));
    }

    RecordingServer server_{RecordingServer::in_order({keys_of("FIRST"), keys_of("SECOND")})};
    SourceSurroundings here_{{{"AWS_ENDPOINT_URL_STS", server_.url()},
                              {"AWS_ACCESS_KEY_ID", "AKIDBASE"},
                              {"AWS_SECRET_ACCESS_KEY", "base"}}};
};

TEST_F(AssumeRoleTest, TheBaseAssumesTheRole) {
    AssumeRoleSource source{here_.parts, role("a"), environment_keys()};
    const auto fetched = here_.fetch(source);
    ASSERT_TRUE(fetched) << fetched.error().message;
    EXPECT_EQ(fetched->keys.access_key_id, "FIRST");
    const auto requests = server_.requests();
    ASSERT_THAT(requests, SizeIs(1));
    EXPECT_THAT(requests[0].header("Authorization"), HasSubstr("Credential=AKIDBASE/"));
    EXPECT_THAT(requests[0].body, HasSubstr("role%2Fa"));
}

TEST_F(AssumeRoleTest, ARoleCanAssumeAnother) {
    AssumeRoleSource source{
        here_.parts, role("b"),
        refreshed(std::make_unique<AssumeRoleSource>(here_.parts, role("a"), environment_keys()))};
    const auto fetched = here_.fetch(source);
    ASSERT_TRUE(fetched) << fetched.error().message;
    EXPECT_EQ(fetched->keys.access_key_id, "SECOND");
    const auto requests = server_.requests();
    ASSERT_THAT(requests, SizeIs(2));
    EXPECT_THAT(requests[0].body, HasSubstr("role%2Fa"));
    EXPECT_THAT(requests[1].body, HasSubstr("role%2Fb"));
    EXPECT_THAT(requests[1].header("Authorization"), HasSubstr("Credential=FIRST/"));
}

// Or the chain would go on to another source, and so perhaps to another account.
TEST_F(AssumeRoleTest, ABaseThatIsNotSetUpIsNoRoleThatIsNotSetUp) {
    SourceSurroundings bare{{{"AWS_ENDPOINT_URL_STS", server_.url()}}};
    AssumeRoleSource source{
        bare.parts, role("a"),
        std::make_unique<RefreshingCredentials>(
            std::make_unique<EnvironmentSource>(bare.settings.environment(), bare.clock),
            bare.reactor, bare.clock, bare.log)};
    const auto fetched = bare.fetch(source);
    ASSERT_FALSE(fetched);
    EXPECT_EQ(fetched.error().kind, ErrorKind::denied);
    EXPECT_EQ(fetched.error().code, "NoBaseCredentials");
    EXPECT_THAT(fetched.error().message, HasSubstr("cannot assume arn:aws:iam::1:role/a"));
    EXPECT_THAT(server_.requests(), SizeIs(0));
}

}  // namespace
}  // namespace fas::clients
