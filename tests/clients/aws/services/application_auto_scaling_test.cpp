// Against a real server that answers as Application Auto Scaling does.
// https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DescribeScalableTargets.html
#include "clients/aws/services/application_auto_scaling.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "clients/aws/error.h"
#include "tests/clients/aws/answered_client.h"
#include "tests/reactor/answer.h"

namespace fas::clients {
namespace {

using test::answer;
using test::http_answer;
using ::testing::HasSubstr;

const ScalableTargetId table{"dynamodb", "table/orders", "dynamodb:table:WriteCapacityUnits"};

std::string told(const std::string& more,
                 const std::string& dimension = "dynamodb:table:WriteCapacityUnits") {
    return R"({"ScalableTargets":[{"ServiceNamespace":"dynamodb","ResourceId":"table/orders",)"
           R"("ScalableDimension":")" +
           dimension + "\"" + more + "}]}";
}

class ApplicationAutoScalingTest : public AnsweredClient<ApplicationAutoScalingClient> {
  protected:
    Result<std::string> set(std::optional<Tasks> max, std::string answer) {
        return answered(std::move(answer),
                        [max](ApplicationAutoScalingClient& client, reactor::Scope scope) {
                            return client.set_bounds(table, Tasks{7}, max, std::move(scope));
                        });
    }
};

TEST_F(ApplicationAutoScalingTest, ReadsTheBounds) {
    const auto target =
        answered(http_answer(200, told(R"(,"MinCapacity":2,"MaxCapacity":9,"SuspendedState":{)"
                                       R"("DynamicScalingInSuspended":true,)"
                                       R"("DynamicScalingOutSuspended":false,)"
                                       R"("ScheduledScalingSuspended":true})")),
                 [](ApplicationAutoScalingClient& client, reactor::Scope scope) {
                     return client.target(table, std::move(scope));
                 });
    ASSERT_TRUE(target) << target.error().message;
    EXPECT_EQ(target->min, Tasks{2});
    EXPECT_EQ(target->max, Tasks{9});
    EXPECT_TRUE(target->in_suspended);
    EXPECT_FALSE(target->out_suspended);
    EXPECT_EQ(asked_.header("X-Amz-Target"), "AnyScaleFrontendService.DescribeScalableTargets");
    EXPECT_EQ(asked_.body, R"({"ServiceNamespace":"dynamodb",)"
                           R"("ScalableDimension":"dynamodb:table:WriteCapacityUnits",)"
                           R"("ResourceIds":["table/orders"]})");
}

TEST(ScalableTarget, OfSeveralThoseOfTheDimensionAreGiven) {
    const std::string bounds = R"(,"MinCapacity":2,"MaxCapacity":9)";
    const auto several = read_registered(answer(told(bounds)), table.dimension);
    ASSERT_TRUE(several) << several.error().message;
    ASSERT_EQ(several->size(), 1U);
    EXPECT_EQ(several->front().resource_id, "table/orders");
    EXPECT_EQ(several->front().target.max, Tasks{9});
    EXPECT_FALSE(several->front().target.schedules_suspended);
    const auto others = read_registered(answer(told(bounds)), "ecs:service:DesiredCount");
    ASSERT_TRUE(others);
    EXPECT_TRUE(others->empty());
    EXPECT_FALSE(read_registered(answer(told("")), table.dimension));
    EXPECT_FALSE(read_registered(answer("{}"), table.dimension));
}

TEST(ScalableTarget, WhoseNamesAreMissingIsUnusable) {
    const auto names = [](const std::string& body) {
        return read_names(answer(body), "DescribeScalingPolicies", "ScalingPolicies", "PolicyName");
    };
    EXPECT_EQ(*names(R"({"ScalingPolicies":[{"PolicyName":"a"},{"PolicyName":"b"}]})"),
              (std::vector<std::string>{"a", "b"}));
    for (const char* body : {"{}", R"({"ScalingPolicies":[{}]})", "[]", ""}) {
        EXPECT_FALSE(names(body)) << body;
    }
}

TEST(ScalableTarget, AnotherOneIsNotIt) {
    for (const std::string& body :
         {std::string{R"({"ScalableTargets":[]})"},
          told(R"(,"MinCapacity":2,"MaxCapacity":9)", "dynamodb:table:ReadCapacityUnits")}) {
        const auto target = read_scalable_target(answer(body), table);
        ASSERT_FALSE(target) << body;
        EXPECT_EQ(target.error().kind, ErrorKind::not_found);
        EXPECT_EQ(target.error().code, "TargetNotRegistered");
    }
}

TEST(ScalableTarget, WhatIsNotToldIsNotZero) {
    for (const std::string& body :
         {std::string{}, std::string{"{}"}, std::string{R"({"ScalableTargets":{}})"},
          told(R"(,"MinCapacity":2)"), told(R"(,"MaxCapacity":9)"),
          told(R"(,"MinCapacity":"2","MaxCapacity":9)"),
          told(R"(,"MinCapacity":9,"MaxCapacity":2)"),
          told(R"(,"MinCapacity":-1,"MaxCapacity":2)")}) {
        const auto target = read_scalable_target(answer(body), table);
        ASSERT_FALSE(target) << body;
        EXPECT_EQ(target.error().kind, ErrorKind::invalid);
        EXPECT_EQ(target.error().code, "UnusableAnswer");
    }
}

TEST_F(ApplicationAutoScalingTest, AMaximumThatIsNotGivenStays) {
    const auto done = set(std::nullopt, http_answer(200, "{}", "x-amzn-RequestId: r-1\r\n"));
    ASSERT_TRUE(done) << done.error().message;
    EXPECT_EQ(*done, "r-1");
    EXPECT_EQ(asked_.header("X-Amz-Target"), "AnyScaleFrontendService.RegisterScalableTarget");
    EXPECT_EQ(asked_.body, R"({"ServiceNamespace":"dynamodb",)"
                           R"("ScalableDimension":"dynamodb:table:WriteCapacityUnits",)"
                           R"("ResourceId":"table/orders","MinCapacity":7})");
    ASSERT_TRUE(set(Tasks{8}, http_answer(200, "{}")));
    EXPECT_THAT(asked_.body, HasSubstr(R"("MinCapacity":7,"MaxCapacity":8})"));
}

TEST_F(ApplicationAutoScalingTest, ARefusalSaysWhy) {
    const auto done = set(Tasks{8}, http_answer(400, R"({"__type":"ValidationException",)"
                                                     R"("Message":"No such table"})"));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().kind, ErrorKind::invalid);
    EXPECT_THAT(done.error().message, HasSubstr("No such table"));
    EXPECT_EQ(kind_of("ConcurrentUpdateException", 400), ErrorKind::retryable);
}

}  // namespace
}  // namespace fas::clients
