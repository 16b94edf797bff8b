// What is made of ECS's answers, in the form of its API pages.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html
#include "clients/aws/services/ecs_answers.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/reactor/answer.h"

namespace fas::clients {
namespace {

using test::answer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr const char* counts = R"("desiredCount":4,"runningCount":3,"pendingCount":1)";

std::string one_service(const std::string& name, const std::string& members) {
    return R"({"serviceArn":"arn:aws:ecs:eu-west-1:1:service/prod/)" + name +
           R"(","serviceName":")" + name + R"(",)" + members + "}";
}

std::string answer_json(const std::string& services, const std::string& failures = "") {
    return R"({"failures":[)" + failures + R"(],"services":[)" + services + "]}";
}

// What is said of the one service "web".
Result<EcsService> read_web(std::string body) {
    auto read = read_services(answer(std::move(body)), {"web"});
    if (!read) return read.error();
    EXPECT_THAT(*read, SizeIs(1));
    return std::move(read->front());
}

TEST(EcsServicesAnswer, SaysWhatAServiceHas) {
    const auto web = read_web(answer_json(one_service(
        "web", std::string{counts} + R"(,"status":"ACTIVE","schedulingStrategy":"REPLICA",)"
                                     R"("createdAt":1.795435200123E9,)"
                                     R"("deployments":[{"status":"PRIMARY"}])")));
    ASSERT_TRUE(web) << web.error().message;
    EXPECT_EQ(web->status, "ACTIVE");
    EXPECT_EQ(web->scheduling_strategy, "REPLICA");
    EXPECT_EQ(web->desired, Tasks{4});
    EXPECT_EQ(web->running, Tasks{3});
    EXPECT_EQ(web->pending, Tasks{1});
    EXPECT_EQ(web->deployment_in_progress, false);
    EXPECT_EQ(web->tags, std::nullopt);
}

TEST(EcsServicesAnswer, IsReadInTheOrderAskedWhateverItsOwn) {
    const std::string a = one_service("a", R"("desiredCount":1,"runningCount":0,"pendingCount":0)");
    const std::string b = one_service("b", R"("desiredCount":2,"runningCount":0,"pendingCount":0)");
    const auto read = read_services(
        answer(answer_json(b + "," + a)),
        {"a", "arn:aws:ecs:eu-west-1:1:service/prod/b", "arn:aws:ecs:eu-west-1:1:service/a", "a"});
    ASSERT_TRUE(read);
    ASSERT_THAT(*read, SizeIs(4));
    for (const auto& each : *read) ASSERT_TRUE(each) << each.error().message;
    EXPECT_EQ((*read)[0]->desired, Tasks{1});
    EXPECT_EQ((*read)[1]->desired, Tasks{2});
    EXPECT_EQ((*read)[2]->desired, Tasks{1}) << "an ARN of the older form names no cluster";
    EXPECT_EQ((*read)[3]->desired, Tasks{1}) << "asked for twice";
}

TEST(EcsServicesAnswer, AServiceOfAnotherClusterRegionOrAccountIsNotTheOneAskedFor) {
    for (const char* arn :
         {"arn:aws:ecs:eu-west-1:1:service/test/web", "arn:aws:ecs:eu-west-2:1:service/prod/web",
          "arn:aws:ecs:eu-west-1:2:service/prod/web", "arn:aws:ecs:eu-west-1:1:service/prod/we"}) {
        const auto read = read_services(
            answer(answer_json(one_service("web", counts),
                               R"({"arn":")" + std::string{arn} + R"(","reason":"MISSING"})")),
            {arn, "web"});
        ASSERT_TRUE(read);
        ASSERT_FALSE((*read)[0]) << arn;
        EXPECT_EQ((*read)[0].error().code, "MISSING") << arn;
        EXPECT_TRUE((*read)[1]);
    }
}

TEST(EcsServicesAnswer, AFailureIsOneServicesAlone) {
    const auto read = read_services(
        answer(answer_json(one_service("web", counts),
                           R"({"arn":"arn:aws:ecs:eu-west-1:1:service/prod/gone",)"
                           R"("reason":"MISSING"},)"
                           R"({"arn":"arn:aws:ecs:eu-west-1:1:service/old","reason":"MISSING"},)"
                           R"({"arn":"arn:aws:ecs:eu-west-1:1:service/prod/shut",)"
                           R"("reason":"ACCESS_DENIED"})")),
        {"gone", "web", "shut", "arn:aws:ecs:eu-west-1:1:service/prod/old"});
    ASSERT_TRUE(read);
    ASSERT_FALSE((*read)[0]);
    EXPECT_EQ((*read)[0].error().kind, ErrorKind::not_found);
    EXPECT_EQ((*read)[0].error().code, "MISSING");
    EXPECT_EQ((*read)[0].error().http_status, 200);
    EXPECT_TRUE((*read)[1]);
    ASSERT_FALSE((*read)[2]);
    EXPECT_EQ((*read)[2].error().kind, ErrorKind::invalid);
    EXPECT_EQ((*read)[2].error().code, "ACCESS_DENIED");
    ASSERT_FALSE((*read)[3]);
    EXPECT_EQ((*read)[3].error().kind, ErrorKind::not_found);
}

TEST(EcsServicesAnswer, TheOnlyFailureIsTheOnlyServices) {
    const auto web = read_web(answer_json("", R"({"reason":"BUSY\u001b[2J"})"));
    ASSERT_FALSE(web);
    EXPECT_EQ(web.error().kind, ErrorKind::invalid);
    EXPECT_EQ(web.error().code, "BUSY");
}

TEST(EcsServicesAnswer, AServiceThatItDoesNotNameIsAnErrorAndNotZero) {
    const auto read =
        read_services(answer(answer_json(one_service("web", counts))), {"web", "api"});
    ASSERT_TRUE(read);
    EXPECT_TRUE((*read)[0]);
    ASSERT_FALSE((*read)[1]);
    EXPECT_EQ((*read)[1].error().kind, ErrorKind::invalid);
    EXPECT_EQ((*read)[1].error().code, "UnusableAnswer");
    EXPECT_FALSE(read_web(R"({"services":[]})"));
    EXPECT_FALSE(read_web(R"({"services":[1]})"));
    EXPECT_FALSE(read_web(answer_json(fmt::format("{{{}}}", counts)))) << "whose?";
}

TEST(EcsServicesAnswer, ANameIsFoundInTheArnWhereItIsNotGiven) {
    EXPECT_TRUE(
        read_web(answer_json(R"({"serviceArn":"arn:aws:ecs:eu-west-1:1:service/prod/web",)" +
                             std::string{counts} + "}")));
}

// Members as botocore's model of DescribeServices has them.
TEST(EcsServicesAnswer, TellsWhetherADeploymentIsInProgress) {
    struct Case {
        const char* what;
        const char* members;
        std::optional<bool> in_progress;
    };
    const Case cases[] = {
        {"a rolling one",
         R"("deployments":[{"status":"PRIMARY","rolloutState":"IN_PROGRESS"},)"
         R"({"status":"ACTIVE","rolloutState":"COMPLETED"}])",
         true},
        {"behind a classic load balancer, without states",
         R"("deployments":[{"status":"PRIMARY"},{"status":"ACTIVE"}])", true},
        {"a new service's first",
         R"("deployments":[{"status":"PRIMARY",)"
         R"("rolloutState":"IN_PROGRESS"}])",
         false},
        {"one that the circuit breaker ended",
         R"("deployments":[{"status":"PRIMARY","rolloutState":"FAILED"},)"
         R"({"status":"ACTIVE","rolloutState":"COMPLETED"}])",
         false},
        {"the way back from a failed one",
         R"("deployments":[{"status":"PRIMARY","rolloutState":"IN_PROGRESS"},)"
         R"({"status":"ACTIVE","rolloutState":"FAILED"}])",
         true},
        {"CodeDeploy's",
         R"("deployments":[],"deploymentController":{"type":"CODE_DEPLOY"},)"
         R"("taskSets":[{"status":"PRIMARY","stabilityStatus":"STEADY_STATE"},)"
         R"({"status":"ACTIVE","stabilityStatus":"STABILIZING"}])",
         true},
        {"CodeDeploy's, whose old tasks are still there",
         R"("taskSets":[{"status":"PRIMARY"},{"status":"DRAINING"}])", true},
        {"none of an external controller's",
         R"("deploymentController":{"type":"EXTERNAL"},"taskSets":[{"status":"PRIMARY"}])", false},
        {"none", R"("deployments":[])", false},
        {"nobody says", R"("deploymentController":{"type":"ECS"})", std::nullopt},
        {"a blue/green one that bakes",
         R"("deploymentConfiguration":{"strategy":"BLUE_GREEN","bakeTimeInMinutes":10},)"
         R"("deployments":[{"status":"PRIMARY"},{"status":"ACTIVE"}],)"
         R"("currentServiceDeployment":"arn:aws:ecs:eu-west-1:1:service-deployment/c/s/a",)"
         R"("currentServiceRevisions":[{"requestedTaskCount":5,"runningTaskCount":5},)"
         R"({"requestedTaskCount":5,"runningTaskCount":5}])",
         true},
        {"a canary that a hook has paused, in one deployment",
         R"("deploymentConfiguration":{"strategy":"CANARY"},"deployments":[{"status":"PRIMARY"}],)"
         R"("currentServiceRevisions":[{"requestedTaskCount":1},{"requestedTaskCount":5}])",
         true},
        {"a linear one that has ended",
         R"("deploymentConfiguration":{"strategy":"LINEAR"},"deployments":[{"status":"PRIMARY"}],)"
         R"("currentServiceRevisions":[{"requestedTaskCount":5,"runningTaskCount":5}])",
         false},
        {"one that is done, whose old tasks are cleaned up later",
         R"("deployments":[{"status":"PRIMARY","rolloutState":"COMPLETED"},)"
         R"({"status":"ACTIVE","rolloutState":"COMPLETED"}],)"
         R"("currentServiceRevisions":[{"requestedTaskCount":5,"runningTaskCount":5},)"
         R"({"requestedTaskCount":0,"runningTaskCount":3}])",
         false},
        {"one that is completed beside another, and nothing is said of revisions",
         R"("deployments":[{"status":"PRIMARY","rolloutState":"COMPLETED"},{"status":"ACTIVE"}])",
         true},
        {"one that failed, and left tasks of both",
         R"("deployments":[{"status":"PRIMARY","rolloutState":"FAILED"},{"status":"ACTIVE"}],)"
         R"("currentServiceRevisions":[{"requestedTaskCount":1},{"requestedTaskCount":5}])",
         false},
    };
    for (const Case& each : cases) {
        const auto web =
            read_web(answer_json(one_service("web", std::string{counts} + "," + each.members)));
        ASSERT_TRUE(web) << each.what;
        EXPECT_EQ(web->deployment_in_progress, each.in_progress) << each.what;
    }
}

TEST(EcsServicesAnswer, OfTheTagsOnlyOursAreKept) {
    const auto web = read_web(answer_json(one_service(
        "web", std::string{counts} + R"(,"tags":[{"key":"team","value":"shop"},)"
                                     R"({"key":"fast-autoscaler:queue","value":"orders"},)"
                                     R"({"key":"fast-autoscaler:off"},{"value":"keyless"},7,)"
                                     R"({"key":"Fast-Autoscaler:min","value":"1"}])")));
    ASSERT_TRUE(web);
    EXPECT_THAT(web->tags.value(),
                ElementsAre(ControlTag{"queue", "orders"}, ControlTag{"off", ""}));
}

TEST(EcsServicesAnswer, ACountThatIsNotThereIsNotZero) {
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
        const auto web = read_web(answer_json(one_service("web", members)));
        ASSERT_FALSE(web) << members;
        EXPECT_EQ(web.error().kind, ErrorKind::invalid);
        EXPECT_EQ(web.error().code, "UnusableAnswer");
        EXPECT_THAT(web.error().message, HasSubstr(missing));
    }
}

TEST(EcsServicesAnswer, ASuccessThatIsNoneIsAnError) {
    for (const char* body :
         {"", "{", "{}", "[]", "null", R"({"services":{}})", "<html>Welcome</html>"}) {
        const auto read = read_services(answer(body), {"web"});
        ASSERT_FALSE(read) << body;
        EXPECT_EQ(read.error().code, "UnusableAnswer") << body;
    }
}

// --- pages

TEST(EcsPageAnswer, HoldsArnsAndPerhapsMoreToCome) {
    const auto page = read_page(answer(R"({"serviceArns":["arn:1","arn:2"],"nextToken":"a+b="})"),
                                "ListServices", "serviceArns");
    ASSERT_TRUE(page) << page.error().message;
    EXPECT_THAT(page->arns, ElementsAre("arn:1", "arn:2"));
    EXPECT_EQ(page->next_token, "a+b=");
    for (const char* body : {R"({"serviceArns":[]})", R"({"serviceArns":[],"nextToken":null})"}) {
        const auto last = read_page(answer(body), "ListServices", "serviceArns");
        ASSERT_TRUE(last) << body;
        EXPECT_THAT(last->arns, IsEmpty());
        EXPECT_EQ(last->next_token, "");
    }
}

TEST(EcsPageAnswer, AnythingElseIsAnErrorAndNoEmptyList) {
    for (const char* body :
         {"", "{}", "[]", R"({"serviceArns":null})", R"({"serviceArns":{}})",
          R"({"serviceArns":[1]})", R"({"serviceArns":["arn:1",""]})",
          R"({"serviceArns":[],"nextToken":1})", R"({"clusterArns":["arn:1"]})"}) {
        const auto page = read_page(answer(body), "ListServices", "serviceArns");
        ASSERT_FALSE(page) << body;
        EXPECT_EQ(page.error().code, "UnusableAnswer");
        EXPECT_THAT(page.error().message, HasSubstr("ListServices"));
    }
}

// --- protection
//
// moto has no GetTaskProtection. These answers have the shape of botocore's model of it, of the
// operation's page and of the AWS CLI's example, in which a task that is not protected is named
// and has no expirationDate; no real ECS gave them.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_GetTaskProtection.html

const TimePoint noon = *from_epoch_seconds(1'795'435'200);

std::string task(const std::string& arn, const std::string& members) {
    return R"({"taskArn":")" + arn + R"(",)" + members + "}";
}

std::string protection(const std::string& tasks, const std::string& failures = "") {
    return R"({"failures":[)" + failures + R"(],"protectedTasks":[)" + tasks + "]}";
}

TEST(EcsProtectionAnswer, CountsWhatIsProtectedNow) {
    const std::string tasks =
        task("a", R"("protectionEnabled":true,"expirationDate":1795435260.5)") + "," +
        task("b", R"("protectionEnabled":false)") + "," +
        task("c", R"("protectionEnabled":true,"expirationDate":1795435200)") + "," +
        task("d", R"("protectionEnabled":true)") + "," + task("d", R"("protectionEnabled":true)") +
        "," + task("other", R"("protectionEnabled":true)");
    const auto count = read_protected(answer(protection(tasks)), {"a", "b", "c", "d"}, noon);
    ASSERT_TRUE(count) << count.error().message;
    EXPECT_EQ(*count, Tasks{2}) << "c's protection has ended, d's does not end";
}

TEST(EcsProtectionAnswer, ATaskThatHasEndedIsNotProtected) {
    const auto count = read_protected(answer(protection(task("a", R"("protectionEnabled":true)"),
                                                        R"({"arn":"b","reason":"MISSING"})")),
                                      {"a", "b"}, noon);
    ASSERT_TRUE(count) << count.error().message;
    EXPECT_EQ(*count, Tasks{1});
}

TEST(EcsProtectionAnswer, AnyOtherFailureIsAnErrorAndNoLowerCount) {
    const auto count = read_protected(
        answer(protection(task("a", R"("protectionEnabled":true)"),
                          R"({"arn":"b","reason":"TASK_NOT_VALID","detail":"a detail"})")),
        {"a", "b"}, noon);
    ASSERT_FALSE(count);
    EXPECT_EQ(count.error().kind, ErrorKind::invalid);
    EXPECT_EQ(count.error().code, "TASK_NOT_VALID");
}

TEST(EcsProtectionAnswer, WhatIsUnclearOrLeftOutIsAnErrorAndNoLowerCount) {
    for (const std::string& body :
         {std::string{}, std::string{"{}"}, std::string{R"({"protectedTasks":{}})"}, protection(""),
          protection(task("b", R"("protectionEnabled":true)")),
          protection(task("a", R"("protectionEnabled":null)")), protection(task("a", R"("x":1)")),
          protection(task("a", R"("protectionEnabled":"true")")),
          protection(task("a", R"("protectionEnabled":true,"expirationDate":"soon")")),
          protection(task("a", R"("protectionEnabled":true,"expirationDate":-1)")),
          protection("", R"({"arn":"a"})"), protection("", R"({"arn":"b","reason":"MISSING"})")}) {
        const auto count = read_protected(answer(body), {"a"}, noon);
        ASSERT_FALSE(count) << body;
        EXPECT_EQ(count.error().code, "UnusableAnswer") << body;
    }
}

}  // namespace
}  // namespace fas::clients
