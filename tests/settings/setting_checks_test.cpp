// What is wrong only in view of something else: contradictions, and what is missing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "settings/read_settings.h"
#include "tests/settings/settings_from_text.h"

namespace fas::settings {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::UnorderedElementsAre;

TEST(SettingChecks, AQueueMayBeInAnotherRegionButSaysOnlyOne) {
    const auto problem = [](std::string queue, std::string region) {
        return problem_in(sources_of({{"SQS_QUEUE_URL", std::move(queue)},
                                      {"SQS_REGION", std::move(region)},
                                      {"AWS_REGION", "ap-south-1"}}));
    };
    EXPECT_EQ(problem("https://sqs.eu-west-1.amazonaws.com/1/q", ""), "no problem");
    EXPECT_EQ(problem("https://sqs.eu-west-1.amazonaws.com/1/q", "eu-west-1"), "no problem");
    EXPECT_EQ(problem("orders", "eu-west-1"), "no problem");
    for (const char* queue :
         {"https://sqs.eu-west-1.amazonaws.com/1/q", "https://eu-west-1.queue.amazonaws.com/1/q",
          "https://vpce-1.sqs.eu-west-1.vpce.amazonaws.com/1/q",
          "arn:aws:sqs:eu-west-1:123456789012:q"}) {
        EXPECT_THAT(problem(queue, "us-east-1"),
                    AllOf(HasSubstr("queue_config.region"), HasSubstr("queue_url is of eu-west-1")))
            << queue;
    }
}

TEST(SettingChecks, WhereTheServiceIsMustBeSaidForAQueueElsewhere) {
    const std::string queue = "https://sqs.eu-west-1.amazonaws.com/1/q";
    EXPECT_THAT(problem_in(sources_of({{"SQS_QUEUE_URL", queue}})),
                HasSubstr("its region is eu-west-1, and region is us-east-1"));
    EXPECT_EQ(problem_in(sources_of({{"SQS_QUEUE_URL", queue}, {"AWS_REGION", "us-east-1"}})),
              "no problem");
}

// Across keys.

TEST(SettingChecks, MinTasksMayNotBeAboveMaxTasks) {
    EXPECT_THAT(problem_in(file(R"({"min_tasks": 20})", {{"MAX_TASKS", "19"}})),
                AllOf(HasSubstr("min_tasks = 20 (file x.json)"),
                      HasSubstr("at most max_tasks, which is 19 (environment variable "
                                "MAX_TASKS)")));
    EXPECT_EQ(problem_in(file(R"({"min_tasks": 20, "max_tasks": 20})")), "no problem");
}

TEST(SettingChecks, AContradictionWithADefaultNamesTheKeyThatWasGiven) {
    EXPECT_THAT(problem_in(file(R"({"max_tasks": 5})")),
                AllOf(HasSubstr("max_tasks = 5 (file x.json)"),
                      HasSubstr("at least min_tasks, which is 10 (default)")));
}

TEST(SettingChecks, TheDownThresholdMayNotBeAboveTheUpThreshold) {
    EXPECT_THAT(problem_in(file(R"({"scale_up_threshold": 50})")),
                HasSubstr("at least scale_down_threshold, which is 99 (default)"));
    EXPECT_THAT(problem_in(file(R"({"scale_up_threshold": 50, "scale_down_threshold": 50.5})")),
                HasSubstr("scale_down_threshold = 50.5"));
    EXPECT_EQ(problem_in(file(R"({"scale_up_threshold": 50, "scale_down_threshold": 50})")),
              "no problem");
}

TEST(SettingChecks, AWrongValueIsNotComparedWithOthers) {
    EXPECT_THAT(keys_of(problems_in(file(R"({"min_tasks": 500, "max_tasks": "many"})"))),
                ElementsAre("max_tasks"));
}

TEST(SettingChecks, TheTargetIsTheLatencyOverTheProcessingTime) {
    EXPECT_EQ(settings_from(file(R"({"target_latency": 30, "mean_processing_time": 0.5})"))
                  .backlog.target_messages_per_task,
              60);
}

TEST(SettingChecks, LatencyAndProcessingTimeGoTogether) {
    EXPECT_THAT(problem_in(file(R"({"target_latency": 30})")),
                AllOf(HasSubstr("mean_processing_time is missing"),
                      HasSubstr("target_latency (file x.json) goes with it")));
    EXPECT_THAT(problem_in(file(R"({"mean_processing_time": 30})")),
                HasSubstr("target_latency is missing"));
    EXPECT_EQ(settings_from(file(R"({"target_latency": 30})", {{"MEAN_PROCESSING_TIME", "3"}}))
                  .backlog.target_messages_per_task,
              10);
}

TEST(SettingChecks, TheTargetIsGivenInOneWayOnly) {
    EXPECT_THAT(problem_in(file(R"({"target_messages_per_task": 5, "target_latency": 30,
                                    "mean_processing_time": 3})")),
                AllOf(HasSubstr("target_messages_per_task = 5"), HasSubstr("one of the two")));
}

TEST(SettingChecks, AComputedTargetHasTheSameRange) {
    EXPECT_THAT(
        problem_in(file(R"({"target_latency": 604800, "mean_processing_time": 1e-300})")),
        AllOf(HasSubstr("target_messages_per_task = 604800 / 1e-300"), HasSubstr("to 1000000000")));
    EXPECT_THAT(problem_in(file(R"({"target_latency": 1e-323, "mean_processing_time": 604800})")),
                HasSubstr("target_messages_per_task = "));
}

TEST(SettingChecks, AnExternalIdNeedsARole) {
    EXPECT_THAT(problem_in(file(R"({"target_external_id": "team-7"})")),
                HasSubstr("beside target_role_arn only"));
    EXPECT_EQ(problem_in(file(R"({"target_external_id": "team-7",
                                  "target_role_arn": "arn:aws:iam::123456789012:role/scaler"})")),
              "no problem");
}

// Missing.

TEST(SettingChecks, ACheckNamesEachMissingKeyAndItsVariable) {
    const auto problems = problems_in(sources_of({}), Purpose::check);
    EXPECT_THAT(keys_of(problems),
                UnorderedElementsAre("cluster_name", "service_name", "queue_config.queue_url",
                                     "s3_config_bucket"));
    std::string text;
    for (const auto& problem : problems) text += describe(problem) + "\n";
    EXPECT_THAT(text, AllOf(HasSubstr("cluster_name is missing"), HasSubstr("ECS_CLUSTER"),
                            HasSubstr("SERVICE_NAME"), HasSubstr("SQS_QUEUE_URL"),
                            HasSubstr("S3_CONFIG_BUCKET")));
}

TEST(SettingChecks, ACheckIsContentWithWhatItRequires) {
    EXPECT_EQ(settings_from(sources_of(required), Purpose::check).cluster_name, "cluster");
}

TEST(SettingChecks, AWrongRequiredValueIsNotMissingToo) {
    auto variables = required;
    variables["ECS_CLUSTER"] = "a b";
    EXPECT_THAT(keys_of(problems_in(sources_of(variables), Purpose::check)),
                ElementsAre("cluster_name"));
}

TEST(SettingChecks, ADecisionMissesNothingButRefusesWrongValues) {
    EXPECT_EQ(problem_in(sources_of({}), Purpose::decision), "no problem");
    EXPECT_THAT(keys_of(problems_in(sources_of({{"ECS_CLUSTER", "a b"}, {"MIN_TASKS", "x"}}),
                                    Purpose::decision)),
                UnorderedElementsAre("cluster_name", "min_tasks"));
}

}  // namespace
}  // namespace fas::settings
