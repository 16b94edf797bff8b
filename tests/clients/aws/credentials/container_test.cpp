#include "clients/aws/credentials/container.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/clients/aws/credentials/source_fixture.h"

namespace fas::clients {
namespace {

using test::http_answer;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

constexpr const char* full_uri = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
constexpr const char* relative_uri = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
constexpr const char* token_text = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
constexpr const char* token_file = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";

const std::string keys_json =
    R"({"RoleArn":"arn:aws:iam::1:role/task","AccessKeyId":"ASIATASK","SecretAccessKey":"secret",
        "Token":"token","Expiration":"2026-11-23T13:00:00Z"})";

class ContainerTest : public ::testing::Test {
  protected:
    void answers(std::vector<std::string> in_order) {
        reply_ = RecordingServer::in_order(std::move(in_order));
    }

    static Result<FetchedCredentials> fetch(Variables variables) {
        SourceSurroundings here{std::move(variables)};
        ContainerSource source{here.parts};
        return here.fetch(source);
    }

    static Error error_of(Variables variables) {
        const auto fetched = fetch(std::move(variables));
        EXPECT_FALSE(fetched);
        return fetched ? Error{} : fetched.error();
    }

    RecordingServer::Reply reply_ = RecordingServer::in_order({http_answer(200, keys_json)});
    RecordingServer server_{[this](const auto& request) { return reply_(request); }};
};

TEST_F(ContainerTest, AFullUriIsAskedAsItIs) {
    const auto fetched = fetch({{full_uri, server_.url("/v2/credentials?id=7")}});
    ASSERT_TRUE(fetched) << fetched.error().message;
    EXPECT_EQ(fetched->keys.access_key_id, "ASIATASK");
    EXPECT_EQ(fetched->keys.session_token.reveal(), "token");
    EXPECT_TRUE(fetched->expires);
    const auto request = server_.requests().at(0);
    EXPECT_EQ(request.target, "/v2/credentials?id=7");
    EXPECT_EQ(request.header("Accept"), "application/json");
    EXPECT_EQ(request.header("Authorization"), "");
}

TEST_F(ContainerTest, TheTokenOfTheFileWinsAndIsReadAnewForEachFetch) {
    const TemporaryFile file{"first token"};
    SourceSurroundings here{
        {{full_uri, server_.url("/")}, {token_text, "static"}, {token_file, file.path()}}};
    ContainerSource source{here.parts};
    EXPECT_TRUE(here.fetch(source));
    file.write("second token");
    EXPECT_TRUE(here.fetch(source));
    EXPECT_EQ(server_.requests().at(0).header("Authorization"), "first token");
    EXPECT_EQ(server_.requests().at(1).header("Authorization"), "second token");
}

TEST_F(ContainerTest, ATokenOfTheEnvironmentIsSent) {
    EXPECT_TRUE(fetch({{full_uri, server_.url("/")}, {token_text, "Basic abc"}}));
    EXPECT_EQ(server_.requests().at(0).header("Authorization"), "Basic abc");
}

TEST_F(ContainerTest, ATokenWithALineBreakIsNotSent) {
    const TemporaryFile file{"token\r\nX-Other: header"};
    for (const Variables& extra :
         {Variables{{token_text, "token\n"}}, Variables{{token_file, file.path()}}}) {
        Variables variables = extra;
        variables[full_uri] = server_.url("/");
        const Error error = error_of(variables);
        EXPECT_EQ(error.kind, ErrorKind::denied);
        EXPECT_EQ(error.code, "BadContainerEndpoint");
        EXPECT_THAT(error.message, AllOf(HasSubstr("line break"), Not(HasSubstr("X-Other"))));
    }
    EXPECT_THAT(server_.requests(), SizeIs(0));
}

TEST_F(ContainerTest, ATokenFileThatIsGoneIsAnErrorAndNoRequestWithoutIt) {
    EXPECT_EQ(error_of({{full_uri, server_.url("/")}, {token_file, "/nowhere/token"}}).code,
              "BadTokenFile");
    EXPECT_THAT(server_.requests(), SizeIs(0));
}

TEST_F(ContainerTest, WithoutAnEndpointItIsNotConfigured) {
    EXPECT_EQ(error_of({}).code, "NotConfigured");
    EXPECT_EQ(error_of({{token_text, "token"}}).code, "NotConfigured");
}

// Each of these, asked without TLS, would be given the token.
TEST_F(ContainerTest, OnlyThisMachineAndTheAgentsAreAskedWithoutTls) {
    for (const std::string url :
         {"http://example.com/", "http://10.0.0.1/", "http://169.254.170.3/",
          "http://169.254.169.254/", "http://127.0.0.1.example.com/", "http://localhost.example/",
          "http://[fd00:ec2::24]/", "http://[fe80::1]/", "http://0x7f.1/", "ftp://127.0.0.1/",
          "http://127.0.0.1@example.com/", "127.0.0.1/", "http:///path"}) {
        const Error error = error_of({{full_uri, url}, {token_text, "token"}});
        EXPECT_EQ(error.kind, ErrorKind::denied) << url;
        EXPECT_EQ(error.code, "BadContainerEndpoint") << url;
    }
}

TEST_F(ContainerTest, ARelativeUriStaysWithTheAgentOfEcs) {
    for (const std::string path : {".example.com/", "@example.com/", "v2/credentials"}) {
        EXPECT_EQ(error_of({{relative_uri, path}}).code, "BadContainerEndpoint") << path;
    }
}

TEST_F(ContainerTest, AFailingEndpointIsAskedThreeTimes) {
    answers({http_answer(500, "")});
    const Error error = error_of({{full_uri, server_.url("/")}});
    EXPECT_EQ(error.kind, ErrorKind::retryable);
    EXPECT_EQ(error.http_status, 500);
    EXPECT_THAT(server_.requests(), SizeIs(3));
}

TEST_F(ContainerTest, AnEndpointThatRecoversIsEnough) {
    answers({http_answer(503, ""), http_answer(502, ""), http_answer(200, keys_json)});
    EXPECT_TRUE(fetch({{full_uri, server_.url("/")}}));
}

TEST_F(ContainerTest, ARefusalIsFinalAndSaysWhy) {
    answers({http_answer(403, R"({"code":"AccessDenied","message":"no association"})")});
    const Error error = error_of({{full_uri, server_.url("/")}, {token_text, "hidden"}});
    EXPECT_EQ(error.kind, ErrorKind::denied);
    EXPECT_EQ(error.code, "ContainerRefused");
    EXPECT_THAT(error.message,
                AllOf(HasSubstr("AccessDenied: no association"), Not(HasSubstr("hidden"))));
    EXPECT_THAT(server_.requests(), SizeIs(1));
}

TEST_F(ContainerTest, AnAnswerWithoutKeysIsAnError) {
    answers({http_answer(200, R"({"AccessKeyId":"ASIATASK"})")});
    const Error error = error_of({{full_uri, server_.url("/")}});
    EXPECT_EQ(error.code, "UnusableKeys");
    EXPECT_THAT(error.message, AllOf(HasSubstr("container"), HasSubstr("no SecretAccessKey")));
}

TEST_F(ContainerTest, AProxyIsNotUsed) {
    ::setenv("http_proxy", "http://127.0.0.1:1", 1);
    const auto fetched = fetch({{full_uri, server_.url("/")}});
    ::unsetenv("http_proxy");
    EXPECT_TRUE(fetched) << fetched.error().message;
}

}  // namespace
}  // namespace fas::clients
