// Jolokia's answers, as ActiveMQ's real ones have it (tests/brokers shows that they are).
#include "adapters/queues/activemq/jolokia.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/reactor/answer.h"

namespace fas::adapters {
namespace {

using test::answer;
using ::testing::HasSubstr;

const AmqQueue jobs{"", "jobs"};
const AmqQueue jobs_of_named_broker{"main", "jobs"};

std::string one_broker(const std::string& attributes) {
    return R"({"value":{"org.apache.activemq:brokerName=localhost,destinationName=jobs":)" +
           attributes + R"(},"status":200})";
}

TEST(JolokiaQuestion, NamesTheQueueAsActiveMqDoes) {
    EXPECT_EQ(queue_mbean({"", R"(a:b,c'd"e?f=g*h i&j)"}),
              "org.apache.activemq:type=Broker,brokerName=*,destinationType=Queue,"
              "destinationName=a_b_c_d_e&qe;f&amp;g&ast;h i&j");
    EXPECT_EQ(jolokia_body(jobs_of_named_broker),
              R"({"type":"read","mbean":"org.apache.activemq:type=Broker,brokerName=main,)"
              R"(destinationType=Queue,destinationName=jobs",)"
              R"("attribute":["QueueSize","InFlightCount","Name"]})");
}

TEST(JolokiaQuestion, EscapesForAGet) {
    EXPECT_EQ(jolokia_path({"m", "a/b!c d"}),
              "read/org.apache.activemq%3Atype%3DBroker%2CbrokerName%3Dm%2CdestinationType%3DQueue"
              "%2CdestinationName%3Da%21/b%21%21c%20d/QueueSize,InFlightCount,Name");
}

TEST(JolokiaAnswer, WhatIsInFlightIsNotVisible) {
    const auto depth = read_jolokia_answer(
        answer(one_broker(R"({"QueueSize":30,"InFlightCount":4,"Name":"jobs"})")), jobs);
    ASSERT_TRUE(depth) << depth.error().message;
    EXPECT_EQ(depth->visible, Messages{26});
    EXPECT_EQ(depth->in_flight, Messages{4});
    EXPECT_EQ(depth->missing, "");
}

TEST(JolokiaAnswer, CountsThatCannotBeAreTheLeastThereCanBe) {
    const auto depth = read_jolokia_answer(
        answer(R"({"value":{"QueueSize":3,"InFlightCount":5,"Name":"jobs"},"status":200})"),
        jobs_of_named_broker);
    ASSERT_TRUE(depth) << depth.error().message;
    EXPECT_EQ(depth->visible, Messages{0});
    EXPECT_EQ(depth->in_flight, Messages{5});
    EXPECT_THAT(depth->missing, HasSubstr("5 in flight, but only 3"));
}

TEST(JolokiaAnswer, AnErrorComesWithHttpStatus200) {
    const struct {
        const char* body;
        ErrorKind kind;
        const char* code;
    } cases[]{
        {R"({"status":404,"error":"InstanceNotFoundException"})", ErrorKind::not_found,
         "Jolokia404"},
        {R"({"status":403,"error":"not allowed"})", ErrorKind::denied, "Jolokia403"},
        {R"({"status":500,"error":"oh"})", ErrorKind::retryable, "Jolokia500"},
        {R"({"status":400})", ErrorKind::invalid, "Jolokia400"},
        {R"({"value":{},"status":200})", ErrorKind::not_found, "Jolokia404"},
        {R"({"value":{"a":{},"b":{}},"status":200})", ErrorKind::invalid, "SeveralBrokers"},
    };
    for (const auto& [body, kind, code] : cases) {
        const auto depth = read_jolokia_answer(answer(body), jobs);
        ASSERT_FALSE(depth) << body;
        EXPECT_EQ(depth.error().kind, kind) << body;
        EXPECT_EQ(depth.error().code, code) << body;
    }
}

TEST(JolokiaAnswer, WithoutUsableCountsThereAreNone) {
    for (const char* attributes : {"{}", "7", "null", R"({"QueueSize":1,"Name":"jobs"})",
                                   R"({"InFlightCount":1,"Name":"jobs"})",
                                   R"({"QueueSize":-1,"InFlightCount":0,"Name":"jobs"})",
                                   R"({"QueueSize":1,"InFlightCount":-1,"Name":"jobs"})",
                                   R"({"QueueSize":"1","InFlightCount":0,"Name":"jobs"})"}) {
        const auto depth = read_jolokia_answer(answer(one_broker(attributes)), jobs);
        ASSERT_FALSE(depth) << attributes;
        EXPECT_EQ(depth.error().code, "UnusableAnswer") << attributes;
    }
    for (const char* body :
         {"", "<html>", "[]", "{}", R"({"status":"200"})", R"({"status":200})"}) {
        const auto depth = read_jolokia_answer(answer(body), jobs);
        ASSERT_FALSE(depth) << body;
        EXPECT_EQ(depth.error().code, "UnusableAnswer") << body;
    }
}

TEST(JolokiaAnswer, AnotherQueueOfTheSameMBeanIsNotTheOne) {
    const auto depth = read_jolokia_answer(
        answer(one_broker(R"({"QueueSize":1,"InFlightCount":0,"Name":"a:b"})")), {"", "a_b"});
    ASSERT_FALSE(depth);
    EXPECT_EQ(depth.error().code, "OtherQueue");
    EXPECT_THAT(depth.error().message, HasSubstr("a:b"));
}

TEST(JolokiaAnswer, TellsARefusedMethodFromOtherRefusals) {
    EXPECT_TRUE(refuses_method(answer(
        R"({"error":"java.lang.Exception : HTTP method get is not allowed","status":403})")));
    EXPECT_TRUE(refuses_method(answer("", 405)));
    EXPECT_TRUE(refuses_method(answer("", 403)));
    EXPECT_FALSE(refuses_method(answer(R"({"error":"Origin null is not allowed","status":403})")));
    EXPECT_FALSE(refuses_method(answer(R"({"status":200})")));
    EXPECT_FALSE(refuses_method(answer("no JSON")));
}

}  // namespace
}  // namespace fas::adapters
