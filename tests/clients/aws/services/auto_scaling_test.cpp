// Against a real server that answers as EC2 Auto Scaling does.
// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeAutoScalingGroups.html
#include "clients/aws/services/auto_scaling.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "clients/aws/error.h"
#include "tests/clients/aws/answered_client.h"
#include "tests/reactor/answer.h"

namespace fas::clients {
namespace {

using test::answer;
using test::http_answer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string instance(const std::string& state, const std::string& is_protected = "false",
                     const std::string& more = "") {
    return "<member><InstanceId>i-1</InstanceId><LifecycleState>" + state +
           "</LifecycleState><ProtectedFromScaleIn>" + is_protected + "</ProtectedFromScaleIn>" +
           more + "</member>";
}

std::string groups(const std::string& members) {
    return R"(<DescribeAutoScalingGroupsResponse xmlns="http://autoscaling.amazonaws.com/doc/)"
           R"(2011-01-01/"><DescribeAutoScalingGroupsResult><AutoScalingGroups>)" +
           members +
           "</AutoScalingGroups></DescribeAutoScalingGroupsResult><ResponseMetadata><RequestId>"
           "r-1</RequestId></ResponseMetadata></DescribeAutoScalingGroupsResponse>";
}

std::string group(const std::string& instances, const std::string& more = "") {
    return groups(
        "<member><MinSize>1</MinSize><MaxSize>20</MaxSize><DesiredCapacity>4</DesiredCapacity>"
        "<Instances>" +
        instances + "</Instances>" + more + "</member>");
}

std::string error(const std::string& code, const std::string& message) {
    return "<ErrorResponse><Error><Type>Sender</Type><Code>" + code + "</Code><Message>" + message +
           "</Message></Error><RequestId>r-1</RequestId></ErrorResponse>";
}

class AutoScalingClientTest : public AnsweredClient<AutoScalingClient> {
  protected:
    Result<AutoScalingGroup> group_from(std::string answer) {
        return answered(std::move(answer), [](AutoScalingClient& client, reactor::Scope scope) {
            return client.group("workers & more", std::move(scope));
        });
    }

    Result<std::string> set_with(std::string answer) {
        return answered(std::move(answer), [](AutoScalingClient& client, reactor::Scope scope) {
            return client.set_desired_capacity("workers", Tasks{7}, std::move(scope));
        });
    }
};

TEST_F(AutoScalingClientTest, CountsInstancesByTheirState) {
    const auto read_back = group_from(http_answer(
        200, group(instance("InService") + instance("InService", "true") + instance("Pending") +
                   instance("Pending:Wait", "true") + instance("Pending:Proceed") +
                   instance("Terminating:Wait", "true") + instance("Standby", "true") +
                   instance("Warmed:Stopped") + instance("Detached"))));
    ASSERT_TRUE(read_back) << read_back.error().message;
    EXPECT_EQ(read_back->desired, Tasks{4});
    EXPECT_EQ(read_back->min, Tasks{1});
    EXPECT_EQ(read_back->max, Tasks{20});
    EXPECT_EQ(read_back->running, Tasks{2});
    EXPECT_EQ(read_back->pending, Tasks{3});
    EXPECT_EQ(read_back->protected_from_in, Tasks{2});
    EXPECT_EQ(asked_.body,
              "AutoScalingGroupNames.member.1=workers%20%26%20more"
              "&Action=DescribeAutoScalingGroups&Version=2011-01-01");
}

TEST(AutoScalingGroup, CountsTheWeightsOfAMixedGroup) {
    const auto weighted = read_group(
        answer(group(instance("InService", "true", "<WeightedCapacity>4</WeightedCapacity>") +
                     instance("InService") +
                     instance("Pending", "false", "<WeightedCapacity>8</WeightedCapacity>"))));
    ASSERT_TRUE(weighted) << weighted.error().message;
    EXPECT_EQ(weighted->running, Tasks{5});
    EXPECT_EQ(weighted->pending, Tasks{8});
    EXPECT_EQ(weighted->protected_from_in, Tasks{4});
}

TEST(AutoScalingGroup, SaysWhatIsSuspendedAndTagged) {
    const auto told = read_group(answer(
        group("",
              "<Status>Delete in progress</Status><DesiredCapacityType>vcpu</DesiredCapacityType>"
              "<SuspendedProcesses><member><ProcessName>Launch</ProcessName></member><member>"
              "<ProcessName>AZRebalance</ProcessName></member></SuspendedProcesses>"
              "<Tags><member><Key>Name</Key><Value>w</Value></member><member>"
              "<Key>fast-autoscaler:pause</Key><Value>in</Value></member></Tags>")));
    ASSERT_TRUE(told) << told.error().message;
    EXPECT_TRUE(told->launch_suspended);
    EXPECT_FALSE(told->terminate_suspended);
    EXPECT_EQ(told->status, "Delete in progress");
    EXPECT_EQ(told->unit, "vcpu");
    EXPECT_THAT(told->tags, ElementsAre(ControlTag{"pause", "in"}));
    EXPECT_EQ(told->running, Tasks{0});
}

TEST(AutoScalingGroup, AGroupThatIsNotThereIsNotFound) {
    const auto none = read_group(answer(groups("")));
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().kind, ErrorKind::not_found);
    EXPECT_EQ(none.error().code, "GroupNotFound");
}

TEST(AutoScalingGroup, WhatIsNotToldIsNotZero) {
    const std::string whole = group(instance("InService"));
    for (const std::string part :
         {"<MinSize>1</MinSize>", "<MaxSize>20</MaxSize>", "<DesiredCapacity>4</DesiredCapacity>",
          "<LifecycleState>InService</LifecycleState>",
          "<ProtectedFromScaleIn>false</ProtectedFromScaleIn>"}) {
        std::string without = whole;
        without.erase(without.find(part), part.size());
        const auto told = read_group(answer(without));
        ASSERT_FALSE(told) << part;
        EXPECT_EQ(told.error().kind, ErrorKind::invalid) << part;
        EXPECT_EQ(told.error().code, "UnusableAnswer") << part;
    }
    for (const std::string& body :
         {std::string{}, std::string{"{}"}, std::string{"<html/>"}, groups("<member/>"),
          groups("<member><MinSize>1</MinSize><MaxSize>2</MaxSize><DesiredCapacity>1"
                 "</DesiredCapacity></member>"),
          group(instance("InService", "maybe")),
          group(instance("InService", "true", "<WeightedCapacity>-1</WeightedCapacity>"))}) {
        EXPECT_FALSE(read_group(answer(body))) << body;
    }
}

TEST(InstanceRefresh, GoesOnUntilItHasEnded) {
    const auto refreshing = [](const std::string& statuses) {
        const std::string body =
            "<DescribeInstanceRefreshesResponse><DescribeInstanceRefreshesResult>"
            "<InstanceRefreshes>" +
            statuses +
            "</InstanceRefreshes></DescribeInstanceRefreshesResult>"
            "</DescribeInstanceRefreshesResponse>";
        return read_refreshing(answer(body));
    };
    const auto one = [](const std::string& status) {
        return "<member><Status>" + status + "</Status></member>";
    };
    EXPECT_FALSE(refreshing("").value());
    EXPECT_FALSE(refreshing(one("Successful") + one("Failed") + one("Cancelled")).value());
    EXPECT_FALSE(refreshing(one("RollbackSuccessful") + one("RollbackFailed")).value());
    for (const std::string status :
         {"Pending", "InProgress", "Cancelling", "RollbackInProgress", "Baking", "AfterOurTime"}) {
        EXPECT_TRUE(refreshing(one("Successful") + one(status)).value()) << status;
    }
    EXPECT_FALSE(refreshing("<member/>"));
    EXPECT_FALSE(read_refreshing(answer("<a/>")));
}

TEST(GroupPolicies, ThoseThatChangeTheCapacity) {
    const std::string begin = "<DescribePoliciesResponse><DescribePoliciesResult><ScalingPolicies>";
    const std::string end =
        "</ScalingPolicies></DescribePoliciesResult></DescribePoliciesResponse>";
    const auto policy = [](const std::string& name, const std::string& more) {
        return "<member><PolicyName>" + name + "</PolicyName>" + more + "</member>";
    };
    const std::string predictive = "<PolicyType>PredictiveScaling</PolicyType>";
    const auto mode = [&](const std::string& text) {
        return predictive + "<PredictiveScalingConfiguration><Mode>" + text +
               "</Mode></PredictiveScalingConfiguration>";
    };
    const auto names = read_policies(
        answer(begin + policy("steps", "<PolicyType>StepScaling</PolicyType>") +
               policy("off", "<Enabled>false</Enabled>") +
               policy("tracks", "<Enabled>true</Enabled><PredictiveScalingConfiguration/>") +
               policy("forecasts", predictive) + policy("foretells", mode("ForecastOnly")) +
               policy("predicts", mode("ForecastAndScale")) + end));
    ASSERT_TRUE(names) << names.error().message;
    EXPECT_EQ(*names, (std::vector<std::string>{"steps", "tracks", "predicts"}));
    EXPECT_FALSE(read_policies(answer("<html/>")));
    EXPECT_FALSE(read_scheduled_actions(answer(begin + end)));
}

TEST_F(AutoScalingClientTest, SetsTheCapacityWithoutRegardToTheGroupsCooldown) {
    const auto done =
        set_with(http_answer(200, "<SetDesiredCapacityResponse/>", request_id_header));
    ASSERT_TRUE(done) << done.error().message;
    EXPECT_EQ(*done, "0b9c6e54-1111");
    EXPECT_EQ(asked_.body,
              "AutoScalingGroupName=workers&DesiredCapacity=7&HonorCooldown=false"
              "&Action=SetDesiredCapacity&Version=2011-01-01");
}

TEST_F(AutoScalingClientTest, ErrorsAreToldApart) {
    const struct {
        const char* code;
        const char* message;
        ErrorKind kind;
    } cases[]{
        {"ValidationError", "AutoScalingGroup name not found - null", ErrorKind::not_found},
        {"ValidationError", "New SetDesiredCapacity value 30 is above max value 20",
         ErrorKind::invalid},
        {"ScalingActivityInProgress", "Scaling activity 1 is in progress", ErrorKind::conflict},
        {"AccessDenied", "not authorized", ErrorKind::denied},
    };
    for (const auto& [code, message, kind] : cases) {
        const auto done = set_with(http_answer(400, error(code, message)));
        ASSERT_FALSE(done) << code;
        EXPECT_EQ(done.error().kind, kind) << message;
        EXPECT_EQ(done.error().code, code);
        EXPECT_THAT(done.error().message, HasSubstr(message));
    }
    EXPECT_EQ(kind_of("ResourceContention", 500), ErrorKind::retryable);
}

}  // namespace
}  // namespace fas::clients
