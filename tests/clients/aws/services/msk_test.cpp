// Against a real server that answers as MSK does.
// https://docs.aws.amazon.com/msk/1.0/apireference/clusters-clusterarn-bootstrap-brokers.html
#include "clients/aws/services/msk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/clients/aws/answered_client.h"
#include "tests/reactor/answer.h"

namespace fas::clients {
namespace {

using test::answer;
using test::http_answer;
using ::testing::HasSubstr;

const std::string cluster_arn = "arn:aws:kafka:eu-west-1:123456789012:cluster/orders/0b9c-1";

class MskClientTest : public AnsweredClient<MskClient> {
  protected:
    Result<std::string> brokers_from(std::string bytes, MskAccess access) {
        return answered(std::move(bytes), [access](MskClient& client, reactor::Scope scope) {
            return client.bootstrap_brokers(cluster_arn, access, std::move(scope));
        });
    }
};

TEST_F(MskClientTest, AsksForTheClustersBrokers) {
    const auto brokers = brokers_from(
        http_answer(200, R"({"bootstrapBrokerString":"b-1:9092","bootstrapBrokerStringTls":)"
                         R"("b-1:9094,b-2:9094"})"),
        MskAccess::tls);
    ASSERT_TRUE(brokers) << brokers.error().message;
    EXPECT_EQ(*brokers, "b-1:9094,b-2:9094");
    EXPECT_EQ(asked_.method, "GET");
    EXPECT_EQ(asked_.target,
              "/v1/clusters/arn%3Aaws%3Akafka%3Aeu-west-1%3A123456789012%3Acluster%2Forders%2F"
              "0b9c-1/bootstrap-brokers");
    EXPECT_THAT(asked_.header("Authorization"), HasSubstr("/eu-west-1/kafka/aws4_request"));
}

TEST_F(MskClientTest, TellsTheErrorsApart) {
    const std::tuple<int, const char*, ErrorKind> cases[]{
        {404, "NotFoundException", ErrorKind::not_found},
        {403, "ForbiddenException", ErrorKind::denied},
        {400, "BadRequestException", ErrorKind::invalid},
    };
    for (const auto& [status, code, kind] : cases) {
        const std::string header = "x-amzn-ErrorType: " + std::string{code} + "\r\n";
        const auto brokers = brokers_from(
            http_answer(status, R"({"message":"no"})", header.c_str()), MskAccess::iam);
        ASSERT_FALSE(brokers);
        EXPECT_EQ(brokers.error().kind, kind) << code;
        EXPECT_EQ(brokers.error().service, "KAFKA");
    }
}

TEST(MskAnswer, EachAccessHasItsOwnBrokers) {
    const auto response =
        answer(R"({"bootstrapBrokerString":"p","bootstrapBrokerStringTls":"t",)"
               R"("bootstrapBrokerStringSaslScram":"s","bootstrapBrokerStringSaslIam":"i"})");
    EXPECT_EQ(*read_bootstrap_brokers(response, MskAccess::plaintext), "p");
    EXPECT_EQ(*read_bootstrap_brokers(response, MskAccess::tls), "t");
    EXPECT_EQ(*read_bootstrap_brokers(response, MskAccess::scram), "s");
    EXPECT_EQ(*read_bootstrap_brokers(response, MskAccess::iam), "i");
}

TEST(MskAnswer, PublicBrokersAreTakenWhereThereAreNoOthers) {
    const auto response = answer(R"({"bootstrapBrokerStringPublicSaslIam":"b-1-public:9198"})");
    EXPECT_EQ(*read_bootstrap_brokers(response, MskAccess::iam), "b-1-public:9198");
}

TEST(MskAnswer, AnAccessThatIsNotSwitchedOnIsToldAsThat) {
    for (const char* body :
         {"{}", R"({"bootstrapBrokerString":"p"})", R"({"bootstrapBrokerStringSaslIam":""})",
          R"({"bootstrapBrokerStringSaslIam":7})"}) {
        const auto brokers = read_bootstrap_brokers(answer(body), MskAccess::iam);
        ASSERT_FALSE(brokers) << body;
        EXPECT_EQ(brokers.error().code, "NoSuchAccess");
        EXPECT_EQ(brokers.error().kind, ErrorKind::not_found);
        EXPECT_THAT(brokers.error().message, HasSubstr("IAM"));
    }
}

TEST(MskAnswer, AnythingElseIsUnusable) {
    for (const char* body : {"", "[]", "null", "\"b-1:9092\"", "<html></html>",
                             R"({"bootstrapBrokerStringTls":"b-1:9094\nb-2:9094"})",
                             R"({"bootstrapBrokerStringTls":"ssl://b-1:9094"})"}) {
        const auto brokers = read_bootstrap_brokers(answer(body), MskAccess::tls);
        ASSERT_FALSE(brokers) << body;
        EXPECT_EQ(brokers.error().code, "UnusableAnswer");
    }
}

}  // namespace
}  // namespace fas::clients
