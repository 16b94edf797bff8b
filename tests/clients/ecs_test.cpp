// Against a real server that answers as ECS does.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html
#include "clients/ecs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/clients/aws_fixture.h"

namespace fas::clients {
namespace {

using test::http_answer;
using ::testing::HasSubstr;

constexpr const char* request_id_header = "x-amzn-RequestId: 0b9c6e54-2222\r\n";

reactor::HttpResponse answer(std::string body) { return {200, {}, std::move(body)}; }

std::string service_json(const std::string& members) {
    return R"({"failures":[],"services":[{"serviceName":"web","status":"ACTIVE",)"
           R"("schedulingStrategy":"REPLICA",)" +
           members + "}]}";
}

class EcsClientTest : public ::testing::Test {
  private:
    template <class Call>
    auto with_client(std::string bytes, Call call) {
        const test::TestServer server(
            test::replying([this, bytes = std::move(bytes)](const test::ReceivedRequest& r) {
                asked_ = r;
                return bytes;
            }));
        AwsSurroundings aws(server);
        EcsClient client(aws.context);
        return aws.reactor.run(call(client, reactor::Scope{}.within(std::chrono::seconds{60})));
    }

  protected:
    Result<EcsService> describe_from(std::string bytes) {
        return with_client(std::move(bytes), [](EcsClient& client, const reactor::Scope& scope) {
            return client.describe_service("prod", "web", scope);
        });
    }

    Result<std::string> update_from(std::string bytes) {
        return with_client(std::move(bytes), [](EcsClient& client, const reactor::Scope& scope) {
            return client.update_desired_count("prod", "web", Tasks{7}, scope);
        });
    }

    test::ReceivedRequest asked_;  // read after the server has ended
};

TEST_F(EcsClientTest, ReadsAService) {
    const auto service = describe_from(http_answer(
        200,
        service_json(R"("desiredCount":4,"runningCount":3,"pendingCount":1,)"
                     R"("createdAt":1.795435200123E9,"deployments":[{"status":"PRIMARY"}])"),
        request_id_header));
    ASSERT_TRUE(service) << service.error().message;
    EXPECT_EQ(service->status, "ACTIVE");
    EXPECT_EQ(service->scheduling_strategy, "REPLICA");
    EXPECT_EQ(service->desired, Tasks{4});
    EXPECT_EQ(service->running, Tasks{3});
    EXPECT_EQ(service->pending, Tasks{1});
    EXPECT_FALSE(service->deployment_in_progress);
    EXPECT_EQ(asked_.header("X-Amz-Target"), "AmazonEC2ContainerServiceV20141113.DescribeServices");
    EXPECT_EQ(asked_.body, R"({"cluster":"prod","services":["web"]})");
}

TEST_F(EcsClientTest, AMissingServiceComesWithASuccess) {
    const auto service = describe_from(http_answer(
        200,
        R"({"services":[],"failures":[{"arn":"arn:aws:ecs:eu-west-1:1:service/prod/web",)"
        R"("reason":"MISSING"}]})",
        request_id_header));
    ASSERT_FALSE(service);
    EXPECT_EQ(service.error().kind, ErrorKind::not_found);
    EXPECT_EQ(service.error().code, "MISSING");
    EXPECT_EQ(service.error().http_status, 200);
    EXPECT_EQ(service.error().request_id, "0b9c6e54-2222");
}

TEST_F(EcsClientTest, AMissingClusterIsNotFound) {
    const auto service = describe_from(http_answer(
        400, R"({"__type":"ClusterNotFoundException","message":"Cluster not found."})"));
    ASSERT_FALSE(service);
    EXPECT_EQ(service.error().kind, ErrorKind::not_found);
    EXPECT_EQ(service.error().code, "ClusterNotFoundException");
    EXPECT_EQ(service.error().service, "ECS");
}

TEST_F(EcsClientTest, SetsTheDesiredCountAndNothingElse) {
    const auto updated =
        update_from(http_answer(200, R"({"service":{"desiredCount":7}})", request_id_header));
    ASSERT_TRUE(updated) << updated.error().message;
    EXPECT_EQ(*updated, "0b9c6e54-2222");
    EXPECT_EQ(asked_.header("X-Amz-Target"), "AmazonEC2ContainerServiceV20141113.UpdateService");
    EXPECT_EQ(asked_.body, R"({"cluster":"prod","service":"web","desiredCount":7})");
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

TEST(EcsAnswer, ShowsADeploymentByASecondOne) {
    const auto service = read_service(
        answer(service_json(R"("desiredCount":1,"runningCount":1,"pendingCount":0,)"
                            R"("deployments":[{"status":"PRIMARY"},{"status":"ACTIVE"}])")));
    ASSERT_TRUE(service);
    EXPECT_TRUE(service->deployment_in_progress);
}

TEST(EcsAnswer, ACountThatIsNotThereIsNotZero) {
    const std::pair<const char*, const char*> cases[]{
        {R"("runningCount":1,"pendingCount":0)", "desiredCount"},
        {R"("desiredCount":1,"pendingCount":0)", "runningCount"},
        {R"("desiredCount":1,"runningCount":1)", "pendingCount"},
        {R"("desiredCount":null,"runningCount":1,"pendingCount":0)", "desiredCount"},
        {R"("desiredCount":"1","runningCount":1,"pendingCount":0)", "desiredCount"},
        {R"("desiredCount":-1,"runningCount":1,"pendingCount":0)", "desiredCount"},
        {R"("desiredCount":1.5,"runningCount":1,"pendingCount":0)", "desiredCount"},
    };
    for (const auto& [members, missing] : cases) {
        const auto service = read_service(answer(service_json(members)));
        ASSERT_FALSE(service) << members;
        EXPECT_EQ(service.error().kind, ErrorKind::invalid);
        EXPECT_EQ(service.error().code, "UnusableAnswer");
        EXPECT_THAT(service.error().message, HasSubstr(missing));
    }
}

TEST(EcsAnswer, AFailureForAnotherReasonThanMissingIsNotNotFound) {
    const auto service =
        read_service(answer(R"({"services":[],"failures":[{"reason":"ACCESS_DENIED"}]})"));
    ASSERT_FALSE(service);
    EXPECT_EQ(service.error().kind, ErrorKind::invalid);
    EXPECT_EQ(service.error().code, "ACCESS_DENIED");

    const auto odd =
        read_service(answer(R"({"services":[],"failures":[{"reason":"BUSY\u001b[2J"}]})"));
    ASSERT_FALSE(odd);
    EXPECT_EQ(odd.error().code, "BUSY");
}

TEST(EcsAnswer, NeitherAServiceNorAFailureIsAMissingService) {
    const auto service = read_service(answer(R"({"services":[]})"));
    ASSERT_FALSE(service);
    EXPECT_EQ(service.error().code, "MISSING");
}

TEST(EcsAnswer, ASuccessThatIsNoneIsAnError) {
    for (const char* body : {"", "{", "{}", "[]", "null", R"({"services":{}})",
                             R"({"services":[1]})", "<html>Welcome</html>"}) {
        const auto service = read_service(answer(body));
        ASSERT_FALSE(service) << body;
        EXPECT_EQ(service.error().code, "UnusableAnswer") << body;
    }
}

}  // namespace
}  // namespace fas::clients
