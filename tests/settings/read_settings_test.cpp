#include "settings/read_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "tests/settings/settings_from_text.h"

namespace fas::settings {
namespace {

using scaling::CooldownOverride;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// Where values come from.

TEST(ReadSettings, NothingGivenGivesTheDefaults) {
    EXPECT_EQ(settings_from(sources_of({})), TargetSettings{});
}

TEST(ReadSettings, EveryKeyCanComeFromTheFile) {
    const auto settings = settings_from(file(R"({
        "$schema": "fast-autoscaler.schema.json",
        "queue_type": "sqs",
        "queue_config": {"queue_url": "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs"},
        "cluster_name": "c-1", "service_name": "s_1",
        "min_tasks": 1, "max_tasks": 20,
        "scale_out_cooldown": 30, "scale_in_cooldown": 60.5, "scale_out_override": "never",
        "activation_threshold": 4, "in_flight_per_task": 2.5, "respect_operator_stop": false,
        "policy": "backlog",
        "scale_up_threshold": 7, "scale_down_threshold": 6, "tasks_per_message": 0.25,
        "max_scale_down_factor": 0.75, "use_combined_messages": true, "scaling_step_count": 3,
        "target_messages_per_task": 12, "tolerance": 0.2, "count_in_flight": false,
        "s3_config_bucket": "bucket", "region": "eu-west-1", "log_level": "DEBUG"})"));

    TargetSettings expected;
    expected.region = "eu-west-1";
    expected.queues.front().options.set("queue_url",
                                        "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs");
    expected.cluster_name = "c-1";
    expected.service_name = "s_1";
    expected.s3_config_bucket = "bucket";
    expected.policy = PolicyType::backlog;
    expected.threshold = {.scale_up_threshold = 7,
                          .scale_down_threshold = 6,
                          .tasks_per_message = 0.25,
                          .max_scale_down_factor = 0.75,
                          .use_combined_messages = true};
    expected.backlog = {.target_messages_per_task = 12, .tolerance = 0.2, .count_in_flight = false};
    expected.rules = {.min_tasks = {1},
                      .max_tasks = {20},
                      .scale_out_cooldown = Seconds{30},
                      .scale_in_cooldown = Seconds{60.5},
                      .scale_out_override = CooldownOverride::never,
                      .activation_threshold = {4},
                      .in_flight_per_task = 2.5,
                      .respect_operator_stop = false};
    EXPECT_EQ(settings, expected);
}

TEST(ReadSettings, EveryVariableSetsWhatItsKeySets) {
    const Variables variables = {{"QUEUE_TYPE", "sqs"},
                                 {"SQS_QUEUE_URL", "https://queue.example/1/jobs"},
                                 {"ECS_CLUSTER", "c-1"},
                                 {"SERVICE_NAME", "s_1"},
                                 {"MIN_TASKS", "1"},
                                 {"MAX_TASKS", "20"},
                                 {"SCALE_OUT_COOLDOWN", "30"},
                                 {"SCALE_IN_COOLDOWN", "60.5"},
                                 {"SCALE_OUT_OVERRIDE", "always"},
                                 {"ACTIVATION_THRESHOLD", "4"},
                                 {"IN_FLIGHT_PER_TASK", "2.5"},
                                 {"RESPECT_OPERATOR_STOP", "no"},
                                 {"POLICY", "backlog"},
                                 {"SCALE_UP_THRESHOLD", "7"},
                                 {"SCALE_DOWN_THRESHOLD", "6"},
                                 {"TASKS_PER_MESSAGE", "0.25"},
                                 {"MAX_SCALE_DOWN_FACTOR", "0.75"},
                                 {"USE_COMBINED_MESSAGES", "True"},
                                 {"SCALING_STEP_COUNT", "3"},
                                 {"TARGET_MESSAGES_PER_TASK", "12"},
                                 {"TOLERANCE", "0.2"},
                                 {"COUNT_IN_FLIGHT", "false"},
                                 {"S3_CONFIG_BUCKET", "bucket"},
                                 {"AWS_REGION", "eu-west-1"},
                                 {"LOG_LEVEL", "warning"}};
    const auto from_file = settings_from(file(R"({
        "queue_config": {"queue_url": "https://queue.example/1/jobs"},
        "cluster_name": "c-1", "service_name": "s_1", "min_tasks": 1, "max_tasks": 20,
        "scale_out_cooldown": 30, "scale_in_cooldown": 60.5, "scale_out_override": "always",
        "activation_threshold": 4, "in_flight_per_task": 2.5, "respect_operator_stop": false,
        "policy": "backlog", "scale_up_threshold": 7, "scale_down_threshold": 6,
        "tasks_per_message": 0.25, "max_scale_down_factor": 0.75, "use_combined_messages": true,
        "target_messages_per_task": 12, "tolerance": 0.2, "count_in_flight": false,
        "s3_config_bucket": "bucket", "region": "eu-west-1", "log_level": "WARNING"})"));
    EXPECT_EQ(settings_from(sources_of(variables), Purpose::check), from_file);
}

TEST(ReadSettings, TheEventWinsOverTheEnvironmentAndThatOverTheFileKeyByKey) {
    const auto settings =
        settings_from(sources_of({{"MAX_TASKS", "20"}, {"SCALE_UP_THRESHOLD", "200"}},
                                 R"({"min_tasks": 1, "max_tasks": 10, "scale_up_threshold": 100})",
                                 R"({"config": {"scale_up_threshold": 300}})"));
    EXPECT_EQ(settings.rules.min_tasks, Tasks{1});
    EXPECT_EQ(settings.rules.max_tasks, Tasks{20});
    EXPECT_EQ(settings.threshold.scale_up_threshold, 300);
}

TEST(ReadSettings, EmptyVariablesCountAsUnset) {
    EXPECT_EQ(settings_from(sources_of({{"MIN_TASKS", ""}, {"ECS_CLUSTER", ""}})),
              TargetSettings{});
    EXPECT_EQ(settings_from(file(R"({"min_tasks": 2})", {{"MIN_TASKS", ""}})).rules.min_tasks,
              Tasks{2});
}

TEST(ReadSettings, TheProfilesRegionIsUsedWhereNoOtherIsGiven) {
    const auto region_with = [](Variables variables) {
        variables.insert(required.begin(), required.end());
        SettingsSources sources = sources_of(std::move(variables));
        sources.profile_region = [](const std::string& profile) {
            return Result<std::optional<std::string>>{profile == "dev" ? "eu-north-1"
                                                                       : "eu-south-2"};
        };
        return settings_from(sources, Purpose::check).region;
    };
    EXPECT_EQ(region_with({}), "eu-south-2");
    EXPECT_EQ(region_with({{"SSO_PROFILE", "dev"}}), "eu-north-1");
    EXPECT_EQ(region_with({{"AWS_REGION", "eu-west-1"}}), "eu-west-1");
}

TEST(ReadSettings, AProfileThatCannotBeReadIsAProblem) {
    SettingsSources sources = sources_of(required);
    sources.profile_region = [](const std::string&) {
        return Result<std::optional<std::string>>{
            Error{.kind = ErrorKind::invalid, .message = "~/.aws/config, line 7: no section yet"}};
    };
    EXPECT_EQ(problem_in(sources, Purpose::check),
              "the shared AWS files: ~/.aws/config, line 7: no section yet");
    EXPECT_EQ(problem_in(sources, Purpose::decision), "no problem");
}

TEST(ReadSettings, TheRegionComesFromAwsRegionThenAwsDefaultRegion) {
    EXPECT_EQ(settings_from(sources_of({{"AWS_DEFAULT_REGION", "eu-west-1"}})).region, "eu-west-1");
    EXPECT_EQ(settings_from(
                  sources_of({{"AWS_REGION", "eu-west-2"}, {"AWS_DEFAULT_REGION", "eu-west-1"}}))
                  .region,
              "eu-west-2");
    EXPECT_EQ(
        settings_from(sources_of({{"AWS_REGION", ""}, {"AWS_DEFAULT_REGION", "eu-west-1"}})).region,
        "eu-west-1");
    EXPECT_THAT(problem_in(sources_of({{"AWS_DEFAULT_REGION", "EU"}})),
                HasSubstr("environment variable AWS_DEFAULT_REGION"));
}

TEST(ReadSettings, UnknownVariablesBelongToOthers) {
    EXPECT_EQ(settings_from(sources_of({{"MIN_TASK", "1"}, {"PATH", "/bin"}})), TargetSettings{});
}

// Events.

TEST(ReadSettings, AnEventWithoutConfigChangesNothing) {
    for (const auto* text :
         {"{}", R"({"version": "0", "detail": {"min_tasks": "x"}})", "null", "[]", R"("ping")"}) {
        EXPECT_EQ(settings_from(sources_of({}, std::nullopt, text)), TargetSettings{}) << text;
    }
}

TEST(ReadSettings, MembersOfTheEventBesideConfigAreIgnored) {
    const std::string deep = std::string(100, '[') + "1" + std::string(100, ']');
    const auto settings = settings_from(sources_of(
        {}, std::nullopt, R"({"min_task": 1, "x": )" + deep + R"(, "config": {"min_tasks": 3}})"));
    EXPECT_EQ(settings.rules.min_tasks, Tasks{3});
}

TEST(ReadSettings, AConfigThatIsNoObjectIsAProblem) {
    for (const auto* config : {"null", "[]", "\"x\"", "3", "true"}) {
        EXPECT_THAT(problem_in(event(config)),
                    AllOf(HasSubstr("config = "), HasSubstr("(event)"), HasSubstr("an object")))
            << config;
    }
}

TEST(ReadSettings, TextInAnEventMayStandForNumbersAndBooleans) {
    const auto settings = settings_from(event(
        R"({"min_tasks": "5", "tasks_per_message": "0.5", "use_combined_messages": "TRUE",
            "count_in_flight": "0"})"));
    EXPECT_EQ(settings.rules.min_tasks, Tasks{5});
    EXPECT_EQ(settings.threshold.tasks_per_message, 0.5);
    EXPECT_TRUE(settings.threshold.use_combined_messages);
    EXPECT_FALSE(settings.backlog.count_in_flight);
    EXPECT_THAT(problem_in(event(R"({"min_tasks": "five"})")),
                HasSubstr("min_tasks = \"five\" (event): must be an integer from 0 to 100000"));
}

TEST(ReadSettings, NullAndEmptyTextInAnEventLeaveTheValueBelow) {
    const auto settings = settings_from(
        event(R"({"min_tasks": null, "cluster_name": "", "queue_config": null, "region": ""})",
              {{"MIN_TASKS", "3"}, {"ECS_CLUSTER", "c"}}));
    EXPECT_EQ(settings.rules.min_tasks, Tasks{3});
    EXPECT_EQ(settings.cluster_name, "c");
}

// The original ignored zeros and false in an event and crashed on JSON true.
TEST(ReadSettings, Defect08_ZeroAndFalseAreValuesInEveryPlace) {
    const std::string config = R"({"min_tasks": 0, "scale_in_cooldown": 0, "scale_out_cooldown": 0,
        "scale_up_threshold": 0, "scale_down_threshold": 0, "tasks_per_message": 0,
        "max_scale_down_factor": 0, "tolerance": 0, "count_in_flight": false,
        "respect_operator_stop": false})";
    TargetSettings expected;
    expected.rules.min_tasks = {0};
    expected.rules.scale_in_cooldown = Seconds{0};
    expected.rules.scale_out_cooldown = Seconds{0};
    expected.threshold.scale_up_threshold = 0;
    expected.threshold.scale_down_threshold = 0;
    expected.threshold.tasks_per_message = 0;
    expected.threshold.max_scale_down_factor = 0;
    expected.backlog.tolerance = 0;
    expected.backlog.count_in_flight = false;
    expected.rules.respect_operator_stop = false;

    EXPECT_EQ(settings_from(event(config)), expected);
    EXPECT_EQ(settings_from(file(config)), expected);
    EXPECT_EQ(settings_from(sources_of({{"MIN_TASKS", "0"},
                                        {"SCALE_IN_COOLDOWN", "0"},
                                        {"SCALE_OUT_COOLDOWN", "0"},
                                        {"SCALE_UP_THRESHOLD", "0"},
                                        {"SCALE_DOWN_THRESHOLD", "0"},
                                        {"TASKS_PER_MESSAGE", "0"},
                                        {"MAX_SCALE_DOWN_FACTOR", "0"},
                                        {"TOLERANCE", "0"},
                                        {"COUNT_IN_FLIGHT", "false"},
                                        {"RESPECT_OPERATOR_STOP", "false"}})),
              expected);
}

TEST(ReadSettings, Defect08_AnEventsFalseAndZeroWinOverTheEnvironment) {
    const auto settings =
        settings_from(event(R"({"use_combined_messages": false, "min_tasks": 0})",
                            {{"USE_COMBINED_MESSAGES", "true"}, {"MIN_TASKS", "5"}}));
    EXPECT_FALSE(settings.threshold.use_combined_messages);
    EXPECT_EQ(settings.rules.min_tasks, Tasks{0});
}

TEST(ReadSettings, Defect08_JsonTrueIsABoolean) {
    EXPECT_TRUE(
        settings_from(event(R"({"use_combined_messages": true})")).threshold.use_combined_messages);
}

// Unknown and repeated keys.

TEST(ReadSettings, UnknownKeysSuggestTheNearestKnown) {
    const auto meant = [](std::string key) { return problem_in(file("{\"" + key + "\": 1}")); };
    EXPECT_THAT(meant("min_task"), HasSubstr("did you mean min_tasks?"));
    EXPECT_THAT(meant("mxa_tasks"), HasSubstr("did you mean max_tasks?"));
    EXPECT_THAT(meant("MIN_TASKS"), HasSubstr("did you mean min_tasks?"));
    EXPECT_THAT(meant("minTasks"), HasSubstr("did you mean min_tasks?"));
    EXPECT_THAT(meant("min-tasks"), HasSubstr("did you mean min_tasks?"));
    EXPECT_THAT(meant("ECS_CLUSTER"), HasSubstr("did you mean cluster_name?"));
    EXPECT_THAT(meant("AWS_REGION"), HasSubstr("did you mean region?"));
    EXPECT_THAT(meant("queue_url"), HasSubstr("did you mean queue_config.queue_url?"));
    EXPECT_THAT(meant("SQS_QUEUE_URL"), HasSubstr("did you mean queue_config.queue_url?"));
    EXPECT_THAT(meant("queue_config.queue_url"), HasSubstr("did you mean queue_config.queue_url?"));
    EXPECT_THAT(meant("queue_url"), HasSubstr(R"({"queue_config": {"queue_url": ...}})"));
    EXPECT_THAT(meant("queueConfig"), HasSubstr("did you mean queue_config?"));
    EXPECT_THAT(meant("something_else"),
                AllOf(HasSubstr("no such setting"), Not(HasSubstr("did you mean"))));
}

TEST(ReadSettings, UnknownKeysInsideQueueConfigAreNamedInFull) {
    EXPECT_THAT(problem_in(file(R"({"queue_config": {"queue_ulr": "x"}})")),
                AllOf(HasSubstr("queue_config.queue_ulr"),
                      HasSubstr("did you mean queue_config.queue_url?")));
    EXPECT_THAT(
        problem_in(event(R"({"queue_config": {"min_tasks": 1}})")),
        AllOf(HasSubstr("queue_config.min_tasks (event)"), HasSubstr("did you mean min_tasks?")));
}

TEST(ReadSettings, TheValueOfAnUnknownKeyIsNotShown) {
    EXPECT_THAT(problem_in(event(R"({"queue_config": {"password": "hunter2"}})")),
                Not(HasSubstr("hunter2")));
}

TEST(ReadSettings, AFileIsNotWrappedInConfig) {
    EXPECT_THAT(problem_in(file(R"({"config": {"min_tasks": 1}})")),
                HasSubstr("without config around them"));
}

TEST(ReadSettings, TheSchemasMemberIsAllowedInTheFileAsText) {
    EXPECT_EQ(problem_in(file(R"({"$schema": "x"})")), "no problem");
    EXPECT_THAT(problem_in(file(R"({"$schema": 1})")), HasSubstr("$schema = 1"));
}

TEST(ReadSettings, RepeatedKeysAreProblems) {
    EXPECT_THAT(problem_in(file(R"({"min_tasks": 1, "min_tasks": 2})")),
                AllOf(HasSubstr("min_tasks (file x.json)"), HasSubstr("more than once")));
    EXPECT_THAT(problem_in(event(R"({"queue_config": {"queue_url": "http://a/b",
                                                      "queue_url": "http://a/c"}})")),
                AllOf(HasSubstr("queue_config.queue_url (event)"), HasSubstr("more than once")));
    EXPECT_THAT(problem_in(sources_of({}, std::nullopt, R"({"config": {}, "config": {}})")),
                AllOf(HasSubstr("config (event)"), HasSubstr("more than once")));
}

// Whole documents.

TEST(ReadSettings, AFileThatIsNoJsonIsOneProblemWithTheParsersMessage) {
    EXPECT_THAT(problem_in(file("{\n\"min_tasks\": 1,\n}")),
                AllOf(HasSubstr("file x.json: must be one JSON object; not JSON:"),
                      HasSubstr("(line 3, column 1)")));
    EXPECT_THAT(problem_in(file("")), HasSubstr("empty"));
    EXPECT_THAT(problem_in(sources_of({}, std::nullopt, "{")), HasSubstr("event: "));
}

TEST(ReadSettings, AFileIsOneObject) {
    EXPECT_THAT(problem_in(file("[1]")),
                HasSubstr("file x.json: must be one JSON object; it holds one array"));
}

TEST(ReadSettings, FilesAndEventsHaveALimit) {
    EXPECT_THAT(problem_in(file("{}" + std::string(64 << 20, ' '))), HasSubstr("limit"));
    EXPECT_THAT(problem_in(sources_of({}, std::nullopt, "{}" + std::string(7 << 20, ' '))),
                HasSubstr("limit"));
}

}  // namespace
}  // namespace fas::settings
