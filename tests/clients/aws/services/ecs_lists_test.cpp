// What takes several calls, against a real server that answers as ECS does.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListServices.html
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "clients/aws/services/ecs.h"
#include "tests/clients/aws/aws_fixture.h"

namespace fas::clients {
namespace {

using test::http_answer;
using ::testing::ElementsAre;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

std::string page(const std::string& key, const std::string& arns, const std::string& token = "") {
    return http_answer(200, fmt::format(R"({{"{}":[{}],"nextToken":{}}})", key, arns,
                                        token.empty() ? "null" : "\"" + token + "\""));
}

// Gives its answers one after the other, the last one for ever, and keeps what was asked.
class EcsListsTest : public ::testing::Test {
  protected:
    void answers(std::vector<std::string> in_order) { answers_ = std::move(in_order); }

    template <class T>
    T run(reactor::Task<T> task) {
        return aws_.reactor.run(std::move(task));
    }

    // "ListTasks {...}" for each call.
    std::vector<std::string> asked() {
        const std::scoped_lock lock(mutex_);
        return asked_;
    }

    std::string answer(const test::ReceivedRequest& request) {
        const std::scoped_lock lock(mutex_);
        const std::string target = request.header("X-Amz-Target");
        asked_.push_back(target.substr(target.find('.') + 1) + " " + request.body);
        for (const auto& [task, answer] : by_task_) {
            if (request.body.contains(task)) return answer;
        }
        return answers_[std::min(asked_.size(), answers_.size()) - 1];
    }

    std::mutex mutex_;
    std::vector<std::string> answers_;
    std::map<std::string, std::string>
        by_task_;  // of calls that overlap: for who asks of that task
    std::vector<std::string> asked_;
    test::TestServer server_{
        test::replying([this](const test::ReceivedRequest& request) { return answer(request); })};
    AwsSurroundings aws_{server_};
    EcsClient client_{aws_.context};
    reactor::Scope scope_ = reactor::Scope{}.within(std::chrono::seconds{60});
};

TEST_F(EcsListsTest, ReadsAllPages) {
    answers({page("serviceArns", R"("arn:1","arn:2")", "next/+="), page("serviceArns", "", "last"),
             page("serviceArns", R"("arn:3")")});
    const auto services = run(client_.list_services("prod", scope_));
    ASSERT_TRUE(services) << services.error().message;
    EXPECT_THAT(*services, ElementsAre("arn:1", "arn:2", "arn:3"));
    EXPECT_THAT(asked(), ElementsAre(R"(ListServices {"cluster":"prod","maxResults":100})",
                                     R"(ListServices {"cluster":"prod","maxResults":100,)"
                                     R"("nextToken":"next/+="})",
                                     R"(ListServices {"cluster":"prod","maxResults":100,)"
                                     R"("nextToken":"last"})"));
}

TEST_F(EcsListsTest, ListsClusters) {
    answers({page("clusterArns", R"("arn:aws:ecs:eu-west-1:1:cluster/prod")")});
    const auto clusters = run(client_.list_clusters(scope_));
    ASSERT_TRUE(clusters) << clusters.error().message;
    EXPECT_THAT(*clusters, ElementsAre("arn:aws:ecs:eu-west-1:1:cluster/prod"));
    EXPECT_THAT(asked(), ElementsAre(R"(ListClusters {"maxResults":100})"));
}

TEST_F(EcsListsTest, APageThatFailsFailsTheList) {
    answers({page("serviceArns", R"("arn:1")", "next"),
             http_answer(400, R"({"__type":"ClusterNotFoundException","message":"gone"})")});
    const auto services = run(client_.list_services("prod", scope_));
    ASSERT_FALSE(services);
    EXPECT_EQ(services.error().kind, ErrorKind::not_found);
}

TEST_F(EcsListsTest, AListWithoutEndIsAnError) {
    answers({page("serviceArns", R"("arn:1")", "again")});
    const auto services = run(client_.list_services("prod", scope_));
    ASSERT_FALSE(services);
    EXPECT_EQ(services.error().code, "TooManyPages");
    EXPECT_THAT(asked(), SizeIs(200));
}

// GetTaskProtection's answers have the shape of botocore's model of it: moto has no such operation.
class EcsProtectedTasksTest : public EcsListsTest {
  protected:
    static std::string arns(int from, int count) {
        std::string text;
        for (int i = from; i < from + count; ++i) {
            text += fmt::format(R"({}"arn:{}")", text.empty() ? "" : ",", i);
        }
        return text;
    }

    // Every second task is protected.
    static std::string protection(int from, int count) {
        std::string text;
        for (int i = from; i < from + count; ++i) {
            text += fmt::format(R"({}{{"taskArn":"arn:{}","protectionEnabled":{},)"
                                R"("expirationDate":1795435500.123}})",
                                text.empty() ? "" : ",", i, i % 2 == 0);
        }
        return http_answer(200, fmt::format(R"({{"protectedTasks":[{}],"failures":[]}})", text));
    }
};

TEST_F(EcsProtectedTasksTest, AreCountedAHundredAtATime) {
    answers({page("taskArns", arns(0, 100), "next"), page("taskArns", arns(100, 50))});
    by_task_ = {{"\"arn:0\"", protection(0, 100)}, {"\"arn:100\"", protection(100, 50)}};
    const auto count = run(client_.protected_tasks("prod", "web", scope_));
    ASSERT_TRUE(count) << count.error().message;
    EXPECT_EQ(*count, Tasks{75});
    EXPECT_THAT(asked(),
                UnorderedElementsAre(
                    R"(ListTasks {"cluster":"prod","serviceName":"web","desiredStatus":"RUNNING",)"
                    R"("maxResults":100})",
                    R"(ListTasks {"cluster":"prod","serviceName":"web","desiredStatus":"RUNNING",)"
                    R"("maxResults":100,"nextToken":"next"})",
                    R"(GetTaskProtection {"cluster":"prod","tasks":[)" + arns(0, 100) + "]}",
                    R"(GetTaskProtection {"cluster":"prod","tasks":[)" + arns(100, 50) + "]}"));
}

// Thirty calls one after the other would take seconds, in which what was seen grows old.
TEST_F(EcsProtectedTasksTest, AreAskedForAtOnce) {
    test::Gate both{2};
    const test::TestServer server{test::replying([&both](const test::ReceivedRequest& request) {
        if (request.header("X-Amz-Target").ends_with("ListTasks")) {
            return page("taskArns", arns(0, 150));
        }
        both.reach();
        EXPECT_TRUE(both.wait()) << "the second waits for the first's answer";
        return request.body.contains("\"arn:0\"") ? protection(0, 100) : protection(100, 50);
    })};
    AwsSurroundings aws{server};
    EcsClient client{aws.context};
    const auto count = aws.reactor.run(client.protected_tasks("prod", "web", scope_));
    ASSERT_TRUE(count) << count.error().message;
    EXPECT_EQ(*count, Tasks{75});
}

TEST_F(EcsProtectedTasksTest, OfNoTasksAreNone) {
    answers({page("taskArns", "")});
    const auto count = run(client_.protected_tasks("prod", "web", scope_));
    ASSERT_TRUE(count) << count.error().message;
    EXPECT_EQ(*count, Tasks{0});
    EXPECT_THAT(asked(), SizeIs(1));
}

TEST_F(EcsProtectedTasksTest, AreNotCountedInPart) {
    answers({page("taskArns", arns(0, 150))});
    by_task_ = {
        {"\"arn:0\"", protection(0, 100)},
        {"\"arn:100\"", http_answer(400, R"({"__type":"AccessDeniedException","message":"no"})")}};
    const auto count = run(client_.protected_tasks("prod", "web", scope_));
    ASSERT_FALSE(count);
    EXPECT_EQ(count.error().kind, ErrorKind::denied);
}

TEST_F(EcsProtectedTasksTest, OfAServiceGivenByItsArnAreListedByItsName) {
    answers({page("taskArns", "")});
    ASSERT_TRUE(
        run(client_.protected_tasks("prod", "arn:aws:ecs:eu-west-1:1:service/prod/web", scope_)));
    EXPECT_THAT(asked(), ElementsAre(::testing::HasSubstr(R"("serviceName":"web")")));
}

}  // namespace
}  // namespace fas::clients
