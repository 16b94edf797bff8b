// Against a real server that answers as ECS does.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html
#include "clients/aws/services/ecs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/clients/aws/answered_client.h"

namespace fas::clients {
namespace {

using test::http_answer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

std::string service_json(const std::string& members) {
    return R"({"failures":[],"services":[{"serviceName":"web","status":"ACTIVE",)"
           R"("schedulingStrategy":"REPLICA",)" +
           members + "}]}";
}

class EcsClientTest : public AnsweredClient<EcsClient> {
  protected:
    Result<std::vector<Result<EcsService>>> describe_from(std::string bytes,
                                                          std::vector<std::string> services = {
                                                              "web"}) {
        return answered(std::move(bytes), [&](EcsClient& client, const reactor::Scope& scope) {
            return client.describe_services("prod", services, scope);
        });
    }

    Result<std::string> update_from(std::string bytes) {
        return answered(std::move(bytes), [](EcsClient& client, const reactor::Scope& scope) {
            return client.update_desired_count("prod", "web", Tasks{7}, scope);
        });
    }
};

TEST_F(EcsClientTest, AsksForSeveralServicesAtOnceAndForTheirTags) {
    const auto services = describe_from(
        http_answer(200,
                    service_json(R"("desiredCount":4,"runningCount":3,"pendingCount":1,)"
                                 R"("tags":[{"key":"fast-autoscaler:queue","value":"orders"}])"),
                    request_id_header),
        {"web", "arn:aws:ecs:eu-west-1:1:service/prod/api"});
    ASSERT_TRUE(services) << services.error().message;
    ASSERT_THAT(*services, SizeIs(2));
    ASSERT_TRUE((*services)[0]) << (*services)[0].error().message;
    EXPECT_EQ((*services)[0]->desired, Tasks{4});
    EXPECT_THAT((*services)[0]->tags.value(), ElementsAre(ControlTag{"queue", "orders"}));
    ASSERT_FALSE((*services)[1]);
    EXPECT_EQ((*services)[1].error().request_id, "0b9c6e54-1111");
    EXPECT_EQ(asked_.header("X-Amz-Target"), "AmazonEC2ContainerServiceV20141113.DescribeServices");
    EXPECT_EQ(asked_.body,
              R"({"cluster":"prod","services":["web","arn:aws:ecs:eu-west-1:1:service/prod/api"],)"
              R"("include":["TAGS"]})");
}

TEST_F(EcsClientTest, AnAnswerOfSeveralMegabytesIsRead) {
    const std::string event =
        R"({"id":"1","createdAt":1.7E9,"message":")" + std::string(3'000, 'x') + R"("})";
    std::string events = event;
    for (int i = 1; i < 1'000; ++i) events += "," + event;
    const auto services = describe_from(http_answer(
        200, service_json(R"("desiredCount":1,"runningCount":1,"pendingCount":0,"events":[)" +
                          events + "]")));
    ASSERT_TRUE(services) << services.error().message;
    EXPECT_TRUE(services->front());
}

TEST_F(EcsClientTest, AnAnswerBeyondTheLimitIsNotRead) {
    const auto services = describe_from(http_answer(200, std::string(4'194'305, ' ')));
    ASSERT_FALSE(services);
    EXPECT_EQ(services.error().code, "ResponseTooLarge");
}

TEST_F(EcsClientTest, NoServiceAndElevenAreTooFewAndTooMany) {
    for (const std::size_t count : {0U, 11U}) {
        const auto services =
            describe_from(http_answer(200, "{}"), std::vector<std::string>(count, "web"));
        ASSERT_FALSE(services);
        EXPECT_EQ(services.error().kind, ErrorKind::bug);
        EXPECT_EQ(asked_.body, "");
    }
}

TEST_F(EcsClientTest, AMissingClusterIsNotFound) {
    const auto services = describe_from(http_answer(
        400, R"({"__type":"ClusterNotFoundException","message":"Cluster not found."})"));
    ASSERT_FALSE(services);
    EXPECT_EQ(services.error().kind, ErrorKind::not_found);
    EXPECT_EQ(services.error().code, "ClusterNotFoundException");
    EXPECT_EQ(services.error().service, "ECS");
}

TEST_F(EcsClientTest, SetsTheDesiredCountAndNothingElse) {
    const auto updated =
        update_from(http_answer(200, R"({"service":{"desiredCount":7}})", request_id_header));
    ASSERT_TRUE(updated) << updated.error().message;
    EXPECT_EQ(*updated, "0b9c6e54-1111");
    EXPECT_EQ(asked_.header("X-Amz-Target"), "AmazonEC2ContainerServiceV20141113.UpdateService");
    EXPECT_EQ(asked_.body, R"({"cluster":"prod","service":"web","desiredCount":7})");
}

TEST_F(EcsClientTest, AnUpdateIsDoneWhenTheAnswerSaysSo) {
    for (const char* body : {"{}", "", R"({"service":{}})", R"({"service":{"desiredCount":3}})"}) {
        const auto updated = update_from(http_answer(200, body));
        ASSERT_FALSE(updated) << body;
        EXPECT_EQ(updated.error().kind, ErrorKind::invalid) << body;
        EXPECT_EQ(updated.error().code, "UnusableAnswer") << body;
    }
}

TEST_F(EcsClientTest, AServiceThatIsGoneOrGoingCannotBeUpdated) {
    for (const char* code : {"ServiceNotFoundException", "ServiceNotActiveException"}) {
        const auto updated = update_from(http_answer(
            400, std::string{R"({"__type":")"} + code + R"(","message":"Service was not ..."})"));
        ASSERT_FALSE(updated);
        EXPECT_EQ(updated.error().kind, ErrorKind::not_found) << code;
        EXPECT_EQ(updated.error().code, code);
    }
}

TEST_F(EcsClientTest, ARefusalIsDenied) {
    const auto updated = update_from(
        http_answer(400, R"({"__type":"AccessDeniedException",)"
                         R"("message":"User is not authorized to perform: ecs:UpdateService"})"));
    ASSERT_FALSE(updated);
    EXPECT_EQ(updated.error().kind, ErrorKind::denied);
    EXPECT_THAT(updated.error().message, HasSubstr("ecs:UpdateService"));
}

}  // namespace
}  // namespace fas::clients
