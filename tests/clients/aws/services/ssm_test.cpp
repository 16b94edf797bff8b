// Against a real server that answers as Parameter Store does.
// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
#include "clients/aws/services/ssm.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/clients/aws/aws_fixture.h"
#include "tests/reactor/answer.h"

namespace fas::clients {
namespace {

using test::answer;
using test::http_answer;
using ::testing::HasSubstr;
using ::testing::Not;

class SsmClientTest : public ::testing::Test {
  protected:
    Result<SsmParameter> parameter_from(std::string bytes) {
        const test::TestServer server(
            test::replying([this, bytes = std::move(bytes)](const test::ReceivedRequest& r) {
                asked_ = r;
                return bytes;
            }));
        AwsSurroundings aws(server);
        aws.log = Logger{LogLevel::debug, log_.get()};
        SsmClient client(aws.context);
        return aws.reactor.run(
            client.parameter("/prod/scaler", reactor::Scope{}.within(std::chrono::seconds{60})));
    }

    std::string logged() {
        std::rewind(log_.get());
        std::string text(4096, '\0');
        text.resize(std::fread(text.data(), 1, text.size(), log_.get()));
        return text;
    }

    std::unique_ptr<std::FILE, int (*)(std::FILE*)> log_{std::tmpfile(), &std::fclose};
    test::ReceivedRequest asked_;  // read after the server has ended
};

TEST_F(SsmClientTest, ReadsAParameterAndLeavesItsValueOutOfTheLog) {
    const auto parameter = parameter_from(
        http_answer(200, R"({"Parameter":{"ARN":"arn:aws:ssm:eu-west-1:1:parameter/prod/scaler",)"
                         R"("DataType":"text","LastModifiedDate":1.795435200123E9,)"
                         R"("Name":"/prod/scaler","Type":"SecureString",)"
                         R"("Value":"{\"min\":1}\n","Version":7}})"));
    ASSERT_TRUE(parameter) << parameter.error().message;
    EXPECT_EQ(parameter->value, "{\"min\":1}\n");
    EXPECT_EQ(parameter->version, 7);
    EXPECT_EQ(asked_.header("X-Amz-Target"), "AmazonSSM.GetParameter");
    EXPECT_EQ(asked_.header("Content-Type"), "application/x-amz-json-1.1");
    EXPECT_THAT(asked_.header("Authorization"), HasSubstr("/eu-west-1/ssm/aws4_request"));
    EXPECT_EQ(asked_.body, R"({"Name":"/prod/scaler","WithDecryption":true})");
    EXPECT_THAT(logged(), HasSubstr("GetParameter"));
    EXPECT_THAT(logged(), Not(HasSubstr("min")));
}

TEST_F(SsmClientTest, TellsTheErrorsApart) {
    const std::pair<const char*, ErrorKind> cases[]{
        {"ParameterNotFound", ErrorKind::not_found},
        {"ParameterVersionNotFound", ErrorKind::not_found},
        {"AccessDeniedException", ErrorKind::denied},
        {"ValidationException", ErrorKind::invalid},
    };
    for (const auto& [code, kind] : cases) {
        const auto parameter =
            parameter_from(http_answer(400, R"({"__type":")" + std::string{code} + "\"}"));
        ASSERT_FALSE(parameter);
        EXPECT_EQ(parameter.error().kind, kind) << code;
        EXPECT_EQ(parameter.error().code, code);
        EXPECT_EQ(parameter.error().service, "SSM");
    }
}

TEST(SsmAnswer, AnEmptyValueIsAValue) {
    const auto parameter = read_parameter(answer(R"({"Parameter":{"Value":"","Version":1}})"));
    ASSERT_TRUE(parameter);
    EXPECT_EQ(parameter->value, "");
}

TEST(SsmAnswer, WithoutAValueOrItsVersionItIsUnusable) {
    for (const char* body :
         {"", "{}", "[]", R"({"Parameter":null})", R"({"Parameter":{"Version":1}})",
          R"({"Parameter":{"Value":null,"Version":1}})", R"({"Parameter":{"Value":7,"Version":1}})",
          R"({"Parameter":{"Value":"hush"}})", R"({"Parameter":{"Value":"hush","Version":"1"}})",
          R"({"Parameter":{"Value":"hush","Version":-1}})"}) {
        const auto parameter = read_parameter(answer(body));
        ASSERT_FALSE(parameter) << body;
        EXPECT_EQ(parameter.error().code, "UnusableAnswer");
        EXPECT_THAT(parameter.error().message, Not(HasSubstr("hush")));
    }
}

TEST(SsmAnswer, ALongestValueInEscapesIsRead) {
    std::string escaped;
    for (int i = 0; i < 8'192; ++i) escaped += "\\u0001";
    const auto parameter =
        read_parameter(answer(R"({"Parameter":{"Value":")" + escaped + R"(","Version":1}})"));
    ASSERT_TRUE(parameter) << parameter.error().message;
    EXPECT_EQ(parameter->value.size(), 8'192U);
}

}  // namespace
}  // namespace fas::clients
