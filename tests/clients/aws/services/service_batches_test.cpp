// Against a real server that answers as ECS does, and keeps what it was asked.
#include "clients/aws/services/service_batches.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "json/reader.h"
#include "reactor/when_all.h"
#include "tests/clients/aws/aws_fixture.h"

namespace fas::clients {
namespace {

using test::http_answer;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

using Answered = std::vector<Result<EcsService>>;

// One call: the cluster, then the services.
using Asked = std::vector<std::string>;

Asked asked_in(const test::ReceivedRequest& request) {
    const auto document = json::parse(request.body, {.bytes_max = 65'536});
    EXPECT_TRUE(document) << request.body;
    Asked asked{std::string{document->root().find("cluster")->as_string().value()}};
    for (const json::Value& service : document->root().find("services")->items()) {
        asked.emplace_back(service.as_string().value());
    }
    return asked;
}

// Every service that is asked for is there, with as many tasks as its name has letters; "gone" is
// not.
std::string described(const Asked& asked) {
    std::string services;
    std::string failures;
    for (std::size_t i = 1; i < asked.size(); ++i) {
        if (asked[i] == "gone") {
            failures = R"({"arn":"arn:aws:ecs:eu-west-1:1:service/gone","reason":"MISSING"})";
            continue;
        }
        services += fmt::format(
            R"({}{{"serviceName":"{}","desiredCount":{},"runningCount":0,"pendingCount":0}})",
            services.empty() ? "" : ",", asked[i], asked[i].size());
    }
    return http_answer(200,
                       fmt::format(R"({{"services":[{}],"failures":[{}]}})", services, failures));
}

std::string refusal(const std::string& code) {
    return http_answer(400, R"({"__type":")" + code + R"(","message":"no"})");
}

class ServiceBatchesTest : public ::testing::Test {
  protected:
    // Asks about all at once: pairs of a cluster and a service.
    Answered describe(const std::vector<std::pair<std::string, std::string>>& wanted) {
        std::vector<reactor::Task<Result<EcsService>>> tasks;
        for (const auto& [cluster, service] : wanted) {
            tasks.push_back(batches_.describe(cluster, service, scope_));
        }
        return aws_.reactor.run(reactor::when_all(std::move(tasks)));
    }

    // The calls since the last time.
    std::vector<Asked> calls() {
        const std::scoped_lock lock(mutex_);
        return std::exchange(calls_, {});
    }

    void refuse(std::string service, std::string code) {
        const std::scoped_lock lock(mutex_);
        refused_ = std::move(service);
        code_ = std::move(code);
    }

    std::string answer(const test::ReceivedRequest& request) {
        const std::scoped_lock lock(mutex_);
        const Asked asked = asked_in(request);
        calls_.push_back(asked);
        return std::ranges::find(asked, refused_) == asked.end() ? described(asked)
                                                                 : refusal(code_);
    }

    std::mutex mutex_;
    std::vector<Asked> calls_;
    std::string refused_;
    std::string code_;
    test::TestServer server_{
        test::replying([this](const test::ReceivedRequest& request) { return answer(request); })};
    AwsSurroundings aws_{server_};
    EcsClient client_{aws_.context};
    ServiceBatches batches_{client_, aws_.reactor};
    reactor::Scope scope_ = reactor::Scope{}.within(std::chrono::seconds{60});
};

TEST_F(ServiceBatchesTest, WhatIsAskedInOneTurnIsOneCallForEachCluster) {
    const auto answers =
        describe({{"prod", "web"}, {"test", "web"}, {"prod", "api2"}, {"prod", "web"}});
    ASSERT_THAT(answers, SizeIs(4));
    for (const auto& each : answers) ASSERT_TRUE(each) << each.error().message;
    EXPECT_EQ(answers[0]->desired, Tasks{3});
    EXPECT_EQ(answers[2]->desired, Tasks{4});
    EXPECT_EQ(answers[3]->desired, Tasks{3});
    EXPECT_THAT(calls(), UnorderedElementsAre(Asked{"prod", "web", "api2"}, Asked{"test", "web"}));
}

TEST_F(ServiceBatchesTest, TwentyFiveServicesAreThreeCalls) {
    std::vector<std::pair<std::string, std::string>> wanted;
    for (int i = 0; i < 25; ++i) wanted.emplace_back("prod", std::string(1U + unsigned(i), 'x'));
    const auto answers = describe(wanted);
    for (std::size_t i = 0; i < answers.size(); ++i) {
        ASSERT_TRUE(answers[i]) << answers[i].error().message;
        EXPECT_EQ(answers[i]->desired, Tasks{static_cast<std::int64_t>(i) + 1});
    }
    EXPECT_THAT(calls(), UnorderedElementsAre(SizeIs(11), SizeIs(11), SizeIs(6)));
}

TEST_F(ServiceBatchesTest, EachTurnAsksAnew) {
    EXPECT_TRUE(describe({{"prod", "web"}}).front());
    EXPECT_TRUE(describe({{"prod", "web"}}).front());
    EXPECT_THAT(calls(), ElementsAre(Asked{"prod", "web"}, Asked{"prod", "web"}));
}

TEST_F(ServiceBatchesTest, AServiceThatIsGoneIsNotTheOthersTrouble) {
    const auto answers = describe({{"prod", "web"}, {"prod", "gone"}});
    EXPECT_TRUE(answers[0]);
    ASSERT_FALSE(answers[1]);
    EXPECT_EQ(answers[1].error().code, "MISSING");
    EXPECT_THAT(calls(), SizeIs(1));
}

TEST_F(ServiceBatchesTest, WhatFailsACallForSeveralIsAskedAloneUntilItSucceeds) {
    const std::vector<std::pair<std::string, std::string>> wanted{
        {"prod", "web"}, {"prod", "bad"}, {"prod", "api"}};
    for (const char* code :
         {"AccessDeniedException", "InvalidParameterException", "ClusterNotFoundException"}) {
        refuse("bad", code);
        auto answers = describe(wanted);
        EXPECT_TRUE(answers[0]);
        ASSERT_FALSE(answers[1]);
        EXPECT_EQ(answers[1].error().code, code);
        EXPECT_TRUE(answers[2]);
        EXPECT_THAT(calls(),
                    UnorderedElementsAre(Asked{"prod", "web", "bad", "api"}, Asked{"prod", "web"},
                                         Asked{"prod", "bad"}, Asked{"prod", "api"}));

        answers = describe(wanted);
        EXPECT_FALSE(answers[1]);
        EXPECT_THAT(calls(),
                    UnorderedElementsAre(Asked{"prod", "web", "api"}, Asked{"prod", "bad"}));

        refuse("", "");
        EXPECT_TRUE(describe(wanted)[1]);
        EXPECT_THAT(calls(), SizeIs(2)) << "known to be good from here on";
        EXPECT_TRUE(describe(wanted)[1]);
        EXPECT_THAT(calls(), SizeIs(1));
    }
}

TEST_F(ServiceBatchesTest, AnotherClustersServiceOfThatNameIsNotAskedAlone) {
    refuse("bad", "AccessDeniedException");
    describe({{"prod", "web"}, {"prod", "bad"}});
    refuse("", "");
    calls();
    describe({{"test", "web"}, {"test", "bad"}});
    EXPECT_THAT(calls(), SizeIs(1));
}

TEST_F(ServiceBatchesTest, WhatIsNotAServicesTroubleIsEverybodys) {
    for (const char* code : {"InternalError", "UnrecognizedClientException"}) {
        refuse("prod", code);
        for (const auto& each : describe({{"prod", "web"}, {"prod", "api"}})) {
            ASSERT_FALSE(each);
            EXPECT_EQ(each.error().code, code);
        }
    }
    for (const Asked& call : calls()) EXPECT_THAT(call, SizeIs(3)) << "never asked alone";
}

TEST_F(ServiceBatchesTest, AScopeThatIsOverAsksNothing) {
    scope_ = reactor::Scope{}.within(Milliseconds{0});
    const auto answers = describe({{"prod", "web"}});
    ASSERT_FALSE(answers.front());
    EXPECT_EQ(answers.front().error().kind, ErrorKind::cancelled);
    EXPECT_THAT(calls(), IsEmpty());
}

// A server that answers when its gate opens, and counts how often it was asked.
class HeldServiceBatchesTest : public ::testing::Test {
  protected:
    reactor::Task<Result<EcsService>> describe_then_open(reactor::Scope scope) {
        auto result = co_await batches_.describe("prod", "web", std::move(scope));
        gate_.reach();
        co_return result;
    }

    test::Gate gate_;
    std::atomic<int> calls_ = 0;
    test::TestServer server_{test::replying([this](const test::ReceivedRequest& request) {
        ++calls_;
        gate_.wait();
        return described(asked_in(request));
    })};
    AwsSurroundings aws_{server_};
    EcsClient client_{aws_.context};
    ServiceBatches batches_{client_, aws_.reactor};
    reactor::Scope scope_ = reactor::Scope{}.within(std::chrono::seconds{60});
};

TEST_F(HeldServiceBatchesTest, ACallerWhoLeavesLeavesTheOthersTheirAnswer) {
    auto [left, stayed] = aws_.reactor.run(
        reactor::when_all(describe_then_open(reactor::Scope{}.within(Milliseconds{20})),
                          batches_.describe("prod", "web", scope_)));
    ASSERT_FALSE(left);
    EXPECT_EQ(left.error().kind, ErrorKind::cancelled);
    ASSERT_TRUE(stayed) << stayed.error().message;
    EXPECT_EQ(calls_, 1);
}

reactor::Task<void> ignore(reactor::Task<Result<EcsService>> task) {
    std::ignore = co_await std::move(task);
}

TEST_F(HeldServiceBatchesTest, ACallersTaskMayBeDestroyedWhileItWaits) {
    std::optional<reactor::Background> destroyed(std::in_place);
    destroyed->start(ignore(batches_.describe("prod", "web", scope_)));
    aws_.reactor.run(aws_.reactor.yield());
    destroyed.reset();
    gate_.reach();
    EXPECT_TRUE(aws_.reactor.run(batches_.describe("prod", "api", scope_)));
}

TEST_F(HeldServiceBatchesTest, MayBeDestroyedWhileEcsIsAsked) {
    {
        ServiceBatches batches{client_, aws_.reactor};
        reactor::Background caller;
        caller.start(ignore(batches.describe("prod", "web", scope_)));
        reactor::Background of_the_next_turn;
        aws_.reactor.run(aws_.reactor.yield());
        of_the_next_turn.start(ignore(batches.describe("prod", "api", scope_)));
    }
    gate_.reach();
    EXPECT_TRUE(aws_.reactor.run(batches_.describe("prod", "web", scope_)));
}

TEST_F(HeldServiceBatchesTest, WhatNobodyWaitsForIsNotSent) {
    std::optional<reactor::Background> destroyed(std::in_place);
    destroyed->start(ignore(batches_.describe("prod", "web", scope_)));
    destroyed.reset();
    gate_.reach();
    EXPECT_TRUE(aws_.reactor.run(batches_.describe("test", "web", scope_)));
    EXPECT_EQ(calls_, 1);
}

TEST_F(HeldServiceBatchesTest, AnAnswerThatDoesNotComeInTimeIsNoCancellation) {
    ServiceBatches batches{client_, aws_.reactor, Milliseconds{20}};
    const auto result = aws_.reactor.run(batches.describe("prod", "web", scope_));
    gate_.reach();
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, ErrorKind::retryable);
    EXPECT_EQ(result.error().code, "DescribeTimeout");
}

TEST(ServiceBatches, ACallThatEverybodyHasLeftIsGivenUp) {
    test::Gate asked;
    test::Gate given_up;
    test::TestServer server{[&](test::TestConnection& connection) {
        if (!connection.read_request()) return;
        asked.reach();
        connection.wait_until_client_closes();
        given_up.reach();
    }};
    AwsSurroundings aws{server};
    EcsClient client{aws.context};
    ServiceBatches batches{client, aws.reactor};
    // A busy machine may not come as far as that in a short time.
    for (Milliseconds time(20); !asked.open(); time *= 2) {
        const auto scope = reactor::Scope{}.within(time);
        auto [first, second] = aws.reactor.run(reactor::when_all(
            batches.describe("prod", "web", scope), batches.describe("prod", "api", scope)));
        EXPECT_FALSE(first);
        EXPECT_FALSE(second);
    }
    const auto limit = reactor::Scope{}.within(std::chrono::seconds{30});
    while (!given_up.open() && !limit.over()) aws.reactor.run(aws.reactor.yield());
    EXPECT_TRUE(given_up.open());
}

}  // namespace
}  // namespace fas::clients
