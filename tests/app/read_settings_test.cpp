#include "app/read_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace fas::app {
namespace {

using scaling::CooldownOverride;
using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::UnorderedElementsAre;

using Variables = std::map<std::string, std::string>;

// Whatever a check requires.
const Variables required = {{"ECS_CLUSTER", "cluster"},
                            {"SERVICE_NAME", "service"},
                            {"S3_CONFIG_BUCKET", "bucket"},
                            {"SQS_QUEUE_URL", "http://localhost/queue"}};

SettingsSources sources_of(Variables variables, std::optional<std::string> file = std::nullopt,
                           std::optional<std::string> event = std::nullopt) {
    SettingsSources sources;
    sources.environment =
        [variables = std::move(variables)](const char* name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        if (found == variables.end()) return std::nullopt;
        return found->second;
    };
    if (file) sources.file = Document{.name = "file x.json", .text = *file};
    if (event) sources.event = Document{.name = "event", .text = *event};
    return sources;
}

Settings settings_from(const SettingsSources& sources, Purpose purpose = Purpose::decision) {
    const auto result = read_settings(sources, purpose);
    if (const auto* problems = std::get_if<std::vector<Problem>>(&result)) {
        for (const auto& problem : *problems) ADD_FAILURE() << describe(problem);
        return {};
    }
    return std::get<Settings>(result);
}

std::vector<Problem> problems_in(const SettingsSources& sources,
                                 Purpose purpose = Purpose::decision) {
    auto result = read_settings(sources, purpose);
    if (auto* problems = std::get_if<std::vector<Problem>>(&result)) return std::move(*problems);
    return {};
}

// The description of the only problem.
std::string problem_in(const SettingsSources& sources, Purpose purpose = Purpose::decision) {
    const auto problems = problems_in(sources, purpose);
    if (problems.empty()) return "no problem";
    for (std::size_t i = 1; i < problems.size(); ++i) {
        ADD_FAILURE() << "one more problem: " << describe(problems[i]);
    }
    return describe(problems.front());
}

SettingsSources file(std::string text, Variables variables = {}) {
    return sources_of(std::move(variables), std::move(text));
}

SettingsSources event(std::string config, Variables variables = {}) {
    return sources_of(std::move(variables), std::nullopt, "{\"config\": " + config + "}");
}

std::vector<std::string> keys_of(const std::vector<Problem>& problems) {
    std::vector<std::string> keys;
    for (const auto& problem : problems) keys.push_back(problem.key);
    return keys;
}

// Where values come from.

TEST(ReadSettings, NothingGivenGivesTheDefaults) {
    EXPECT_EQ(settings_from(sources_of({})), Settings{});
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

    Settings expected;
    expected.region = "eu-west-1";
    expected.log_level = LogLevel::debug;
    expected.queue_url = "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs";
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
    EXPECT_EQ(settings_from(sources_of({{"MIN_TASKS", ""}, {"ECS_CLUSTER", ""}})), Settings{});
    EXPECT_EQ(settings_from(file(R"({"min_tasks": 2})", {{"MIN_TASKS", ""}})).rules.min_tasks,
              Tasks{2});
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
    EXPECT_EQ(settings_from(sources_of({{"MIN_TASK", "1"}, {"PATH", "/bin"}})), Settings{});
}

// Events.

TEST(ReadSettings, AnEventWithoutConfigChangesNothing) {
    for (const auto* text :
         {"{}", R"({"version": "0", "detail": {"min_tasks": "x"}})", "null", "[]", R"("ping")"}) {
        EXPECT_EQ(settings_from(sources_of({}, std::nullopt, text)), Settings{}) << text;
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
                HasSubstr("min_tasks = \"five\" (event): accepted is an integer from 0 to 100000"));
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
    Settings expected;
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

// Types.

TEST(ReadSettings, TextStandsForNothingElseInTheFile) {
    EXPECT_THAT(problem_in(file(R"({"min_tasks": "10"})")),
                AllOf(HasSubstr("min_tasks = \"10\" (file x.json)"),
                      HasSubstr("write it without quotation marks")));
    EXPECT_THAT(problem_in(file(R"({"use_combined_messages": "true"})")),
                HasSubstr("without quotation marks"));
    EXPECT_THAT(problem_in(file(R"({"min_tasks": null})")), HasSubstr("min_tasks = null"));
    EXPECT_THAT(problem_in(file(R"({"cluster_name": ""})")), HasSubstr("cluster_name = \"\""));
}

TEST(ReadSettings, WrongTypesAreProblems) {
    for (const auto* text :
         {R"({"min_tasks": true})", R"({"min_tasks": [1]})", R"({"min_tasks": {}})",
          R"({"use_combined_messages": 1})", R"({"cluster_name": 7})", R"({"policy": 1})",
          R"({"log_level": false})", R"({"queue_config": "x"})", R"({"queue_config": null})",
          R"({"tolerance": "0.1"})"}) {
        EXPECT_THAT(problem_in(file(text)), HasSubstr("accepted is")) << text;
    }
}

TEST(ReadSettings, AnIntegerMayBeWrittenAsAFractionOfZero) {
    EXPECT_EQ(settings_from(file(R"({"min_tasks": 10.0})")).rules.min_tasks, Tasks{10});
    EXPECT_EQ(settings_from(file(R"({"min_tasks": 1e1})")).rules.min_tasks, Tasks{10});
    EXPECT_EQ(settings_from(sources_of({{"MIN_TASKS", "10.0"}})).rules.min_tasks, Tasks{10});
    EXPECT_THAT(problem_in(file(R"({"min_tasks": 10.5})")),
                HasSubstr("min_tasks = 10.5 (file x.json): accepted is an integer"));
    EXPECT_THAT(problem_in(sources_of({{"MIN_TASKS", "10.5"}})), HasSubstr("an integer"));
}

TEST(ReadSettings, VariablesAreNumbersAsAWhole) {
    for (const auto* text :
         {"10x", "x", " 10", "10 ", "+10", "0x10", "1,000", "nan", "inf", "1e999", "--1", "1_0"}) {
        EXPECT_THAT(problem_in(sources_of({{"SCALE_UP_THRESHOLD", text}})),
                    HasSubstr("environment variable SCALE_UP_THRESHOLD"))
            << text;
    }
    EXPECT_EQ(
        settings_from(sources_of({{"SCALE_UP_THRESHOLD", "1e3"}})).threshold.scale_up_threshold,
        1000);
}

TEST(ReadSettings, BooleansAsTextAreTrueFalseYesNoOneAndZero) {
    const auto combined = [](const char* text) {
        return settings_from(sources_of({{"USE_COMBINED_MESSAGES", text}}))
            .threshold.use_combined_messages;
    };
    for (const auto* text : {"true", "True", "TRUE", "yes", "YES", "1"}) {
        EXPECT_TRUE(combined(text)) << text;
    }
    for (const auto* text : {"false", "False", "no", "No", "0"}) {
        EXPECT_FALSE(combined(text)) << text;
    }
    for (const auto* text : {"2", "on", "y", "t", "true ", "1.0"}) {
        EXPECT_THAT(problem_in(sources_of({{"USE_COMBINED_MESSAGES", text}})),
                    HasSubstr("true or false"))
            << text;
    }
}

TEST(ReadSettings, LogLevelsAreNamedAsInPythonInAnyCase) {
    const auto level = [](std::string text) {
        return settings_from(sources_of({{"LOG_LEVEL", text}})).log_level;
    };
    EXPECT_EQ(level("DEBUG"), LogLevel::debug);
    EXPECT_EQ(level("Info"), LogLevel::info);
    EXPECT_EQ(level("WARNING"), LogLevel::warning);
    EXPECT_EQ(level("warn"), LogLevel::warning);
    EXPECT_EQ(level("error"), LogLevel::error);
    EXPECT_EQ(level("CRITICAL"), LogLevel::error);
    EXPECT_THAT(problem_in(sources_of({{"LOG_LEVEL", "TRACE"}})),
                HasSubstr("one of \"DEBUG\", \"INFO\", \"WARN\", \"WARNING\""));
}

TEST(ReadSettings, QueueTypesThatThereAreNotNameThoseThereAre) {
    EXPECT_THAT(problem_in(sources_of({{"QUEUE_TYPE", "rabbitmq"}})),
                AllOf(HasSubstr("queue_type = \"rabbitmq\""), HasSubstr("accepted is \"sqs\"")));
    EXPECT_THAT(problem_in(sources_of({{"QUEUE_TYPE", "SQS"}})),
                HasSubstr("did you mean \"sqs\"?"));
}

TEST(ReadSettings, MisspeltChoicesSuggestTheNearest) {
    EXPECT_THAT(problem_in(file(R"({"policy": "treshold"})")),
                HasSubstr("did you mean \"threshold\"?"));
    EXPECT_THAT(problem_in(file(R"({"scale_out_override": "larger-backlog"})")),
                HasSubstr("did you mean \"larger_backlog\"?"));
}

// Ranges: the ends, and what is just outside.

struct RangeCase {
    const char* key;
    const char* value;
    bool accepted;
};

TEST(ReadSettings, RangesIncludeTheirEndsOrNotAsTheySay) {
    const std::vector<RangeCase> cases = {
        {"min_tasks", "-1", false},
        {"min_tasks", "0", true},
        {"max_tasks", "100000", true},
        {"max_tasks", "100001", false},
        {"scale_up_threshold", "-0.1", false},
        {"scale_up_threshold", "1e12", true},
        {"scale_up_threshold", "1.1e12", false},
        {"scale_down_threshold", "-1", false},
        {"scale_out_cooldown", "-1", false},
        {"scale_out_cooldown", "604800", true},
        {"scale_out_cooldown", "604801", false},
        {"scale_in_cooldown", "-1", false},
        {"scale_in_cooldown", "0.5", true},
        {"scaling_step_count", "0", false},
        {"scaling_step_count", "1", true},
        {"scaling_step_count", "1.5", false},
        {"tasks_per_message", "-0.01", false},
        {"tasks_per_message", "1e9", true},
        {"max_scale_down_factor", "-0.1", false},
        {"max_scale_down_factor", "0", true},
        {"max_scale_down_factor", "0.99", true},
        {"max_scale_down_factor", "1", false},
        {"target_messages_per_task", "0", false},
        {"target_messages_per_task", "0.001", true},
        {"target_messages_per_task", "-1", false},
        {"tolerance", "-0.1", false},
        {"tolerance", "1", true},
        {"tolerance", "1.1", false},
        {"activation_threshold", "-1", false},
        {"activation_threshold", "2.5", false},
        {"activation_threshold", "1000000000000", true},
        {"in_flight_per_task", "0", false},
        {"in_flight_per_task", "0.5", true},
        {"min_tasks", "9223372036854775807", false},
        {"min_tasks", "18446744073709551615", false},
    };
    for (const auto& range_case : cases) {
        const std::string text =
            std::string("{\"") + range_case.key + "\": " + range_case.value + "}";
        const auto problems = problems_in(file(text));
        EXPECT_EQ(problems.empty(), range_case.accepted) << text;
        if (!problems.empty()) {
            EXPECT_EQ(problems.front().key, range_case.key);
        }
    }
}

// Names and URLs (setting_text_test.cpp has the rest).

TEST(ReadSettings, NamesCannotBreakOutOfTheStatesKey) {
    for (const auto* name : {"..", "a/b", "a/../b", "a b", "a\\u0000b", "a\\nb", "é", "a?b", ""}) {
        const std::string text = std::string(R"({"cluster_name": ")") + name + "\"}";
        EXPECT_THAT(problem_in(file(text)), HasSubstr("cluster_name = ")) << text;
    }
}

TEST(ReadSettings, ArnsAreKeptAsTheyAreGiven) {
    const std::string cluster = "arn:aws:ecs:eu-west-1:123456789012:cluster/prod";
    const std::string service = "arn:aws-cn:ecs:cn-north-1:123456789012:service/prod/worker";
    const auto settings =
        settings_from(sources_of({{"ECS_CLUSTER", cluster}, {"SERVICE_NAME", service}}));
    EXPECT_EQ(settings.cluster_name, cluster);
    EXPECT_EQ(settings.service_name, service);
}

TEST(ReadSettings, QueueUrlsAreHttpsForAws) {
    EXPECT_THAT(problem_in(sources_of(
                    {{"SQS_QUEUE_URL", "http://sqs.us-east-1.amazonaws.com/123456789012/q"}})),
                HasSubstr("https for AWS"));
    EXPECT_EQ(settings_from(sources_of({{"SQS_QUEUE_URL", "http://localhost:4566/000000000000/q"}}))
                  .queue_url,
              "http://localhost:4566/000000000000/q");
}

TEST(ReadSettings, PasswordsAndSignaturesInAUrlAreNotShown) {
    for (const auto* url :
         {"https://user:hunter2@host/q", "https://host/q?X-Amz-Signature=hunter2",
          "https://user:hun/hunter2@host/q", "user:hunter2@host/q", "https://hunter2@host"}) {
        EXPECT_THAT(problem_in(sources_of({{"SQS_QUEUE_URL", url}})),
                    AllOf(HasSubstr("***"), Not(HasSubstr("hunter2"))))
            << url;
    }
}

TEST(ReadSettings, TheQueueMustBeOfTheRegion) {
    const auto problem = [](std::string url, std::string region) {
        return problem_in(
            sources_of({{"SQS_QUEUE_URL", std::move(url)}, {"AWS_REGION", std::move(region)}}));
    };
    EXPECT_THAT(problem("https://sqs.eu-west-1.amazonaws.com/1/q", "us-east-1"),
                AllOf(HasSubstr("queue_config.queue_url"), HasSubstr("eu-west-1"),
                      HasSubstr("region us-east-1 (environment variable AWS_REGION)")));
    EXPECT_THAT(problem("https://eu-west-1.queue.amazonaws.com/1/q", "us-east-1"),
                HasSubstr("eu-west-1"));
    EXPECT_THAT(problem("https://sqs.cn-north-1.amazonaws.com.cn/1/q", "cn-northwest-1"),
                HasSubstr("cn-north-1"));
    EXPECT_EQ(problem("https://sqs.eu-west-1.amazonaws.com/1/q", "eu-west-1"), "no problem");
    EXPECT_EQ(problem("https://queue.example/1/q", "eu-west-1"), "no problem");
}

TEST(ReadSettings, TheQueuesRegionIsComparedWithTheDefaultToo) {
    EXPECT_THAT(
        problem_in(sources_of({{"SQS_QUEUE_URL", "https://sqs.eu-west-1.amazonaws.com/1/q"}})),
        HasSubstr("region us-east-1 (default)"));
}

// Across keys.

TEST(ReadSettings, MinTasksMayNotBeAboveMaxTasks) {
    EXPECT_THAT(problem_in(file(R"({"min_tasks": 20})", {{"MAX_TASKS", "19"}})),
                AllOf(HasSubstr("min_tasks = 20 (file x.json)"),
                      HasSubstr("at most max_tasks, which is 19 (environment variable "
                                "MAX_TASKS)")));
    EXPECT_EQ(problem_in(file(R"({"min_tasks": 20, "max_tasks": 20})")), "no problem");
}

TEST(ReadSettings, AContradictionWithADefaultNamesTheKeyThatWasGiven) {
    EXPECT_THAT(problem_in(file(R"({"max_tasks": 5})")),
                AllOf(HasSubstr("max_tasks = 5 (file x.json)"),
                      HasSubstr("at least min_tasks, which is 10 (default)")));
}

TEST(ReadSettings, TheDownThresholdMayNotBeAboveTheUpThreshold) {
    EXPECT_THAT(problem_in(file(R"({"scale_up_threshold": 50})")),
                HasSubstr("at least scale_down_threshold, which is 99 (default)"));
    EXPECT_THAT(problem_in(file(R"({"scale_up_threshold": 50, "scale_down_threshold": 50.5})")),
                HasSubstr("scale_down_threshold = 50.5"));
    EXPECT_EQ(problem_in(file(R"({"scale_up_threshold": 50, "scale_down_threshold": 50})")),
              "no problem");
}

TEST(ReadSettings, AWrongValueIsNotComparedWithOthers) {
    EXPECT_THAT(keys_of(problems_in(file(R"({"min_tasks": 500, "max_tasks": "many"})"))),
                ElementsAre("max_tasks"));
}

TEST(ReadSettings, TheTargetIsTheLatencyOverTheProcessingTime) {
    EXPECT_EQ(settings_from(file(R"({"target_latency": 30, "mean_processing_time": 0.5})"))
                  .backlog.target_messages_per_task,
              60);
}

TEST(ReadSettings, LatencyAndProcessingTimeGoTogether) {
    EXPECT_THAT(problem_in(file(R"({"target_latency": 30})")),
                AllOf(HasSubstr("mean_processing_time is missing"),
                      HasSubstr("target_latency (file x.json) goes with it")));
    EXPECT_THAT(problem_in(file(R"({"mean_processing_time": 30})")),
                HasSubstr("target_latency is missing"));
    EXPECT_EQ(settings_from(file(R"({"target_latency": 30})", {{"MEAN_PROCESSING_TIME", "3"}}))
                  .backlog.target_messages_per_task,
              10);
}

TEST(ReadSettings, TheTargetIsGivenInOneWayOnly) {
    EXPECT_THAT(problem_in(file(R"({"target_messages_per_task": 5, "target_latency": 30,
                                    "mean_processing_time": 3})")),
                AllOf(HasSubstr("target_messages_per_task = 5"), HasSubstr("one of the two")));
}

TEST(ReadSettings, AComputedTargetHasTheSameRange) {
    EXPECT_THAT(
        problem_in(file(R"({"target_latency": 604800, "mean_processing_time": 1e-300})")),
        AllOf(HasSubstr("target_messages_per_task = 604800 / 1e-300"), HasSubstr("to 1000000000")));
    EXPECT_THAT(problem_in(file(R"({"target_latency": 1e-323, "mean_processing_time": 604800})")),
                HasSubstr("target_messages_per_task = "));
}

TEST(ReadSettings, AProfileIsAProblemWithoutKeysInTheEnvironment) {
    auto variables = required;
    variables["SSO_PROFILE"] = "dev";
    EXPECT_THAT(problem_in(sources_of(variables), Purpose::check),
                AllOf(HasSubstr("sso_profile = \"dev\" (environment variable SSO_PROFILE)"),
                      HasSubstr("eval \"$(aws configure export-credentials --profile dev --format "
                                "env)\"")));
    variables["AWS_ACCESS_KEY_ID"] = "AKIDEXAMPLE";
    EXPECT_EQ(problem_in(sources_of(variables), Purpose::check), "no problem");
    EXPECT_EQ(problem_in(sources_of({{"SSO_PROFILE", "dev"}}), Purpose::decision), "no problem");
}

TEST(ReadSettings, TheCommandForAProfileIsSafeToPaste) {
    auto variables = required;
    variables["SSO_PROFILE"] = "my profile";
    EXPECT_THAT(problem_in(sources_of(variables), Purpose::check),
                HasSubstr("--profile 'my profile' --format"));
    variables["SSO_PROFILE"] = "x; rm -rf $HOME";
    EXPECT_THAT(problem_in(sources_of(variables), Purpose::check), Not(HasSubstr("eval")));
}

// Missing.

TEST(ReadSettings, ACheckNamesEachMissingKeyAndItsVariable) {
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

TEST(ReadSettings, ACheckIsContentWithWhatItRequires) {
    EXPECT_EQ(settings_from(sources_of(required), Purpose::check).cluster_name, "cluster");
}

TEST(ReadSettings, AWrongRequiredValueIsNotMissingToo) {
    auto variables = required;
    variables["ECS_CLUSTER"] = "a b";
    EXPECT_THAT(keys_of(problems_in(sources_of(variables), Purpose::check)),
                ElementsAre("cluster_name"));
}

TEST(ReadSettings, ADecisionMissesNothingButRefusesWrongValues) {
    EXPECT_EQ(problem_in(sources_of({}), Purpose::decision), "no problem");
    EXPECT_THAT(keys_of(problems_in(sources_of({{"ECS_CLUSTER", "a b"}, {"MIN_TASKS", "x"}}),
                                    Purpose::decision)),
                UnorderedElementsAre("cluster_name", "min_tasks"));
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
                AllOf(HasSubstr("file x.json: accepted is one JSON object; not JSON:"),
                      HasSubstr("(line 3, column 1)")));
    EXPECT_THAT(problem_in(file("")), HasSubstr("empty"));
    EXPECT_THAT(problem_in(sources_of({}, std::nullopt, "{")), HasSubstr("event: "));
}

TEST(ReadSettings, AFileIsOneObject) {
    EXPECT_THAT(problem_in(file("[1]")),
                HasSubstr("file x.json: accepted is one JSON object; it holds one array"));
}

TEST(ReadSettings, FilesAndEventsHaveALimit) {
    EXPECT_THAT(problem_in(file("{}" + std::string(256 * 1024, ' '))), HasSubstr("limit"));
    EXPECT_THAT(problem_in(sources_of({}, std::nullopt, "{}" + std::string(7 << 20, ' '))),
                HasSubstr("limit"));
}

// Problems.

TEST(ReadSettings, AllProblemsAreFoundAtOnce) {
    const auto problems = problems_in(
        sources_of({{"MAX_TASKS", "many"}, {"AWS_REGION", "EU"}},
                   R"({"min_tasks": -1, "min_task": 1, "queue_config": {"queue_url": "x"}})",
                   R"({"config": {"policy": "best"}})"),
        Purpose::check);
    EXPECT_THAT(keys_of(problems),
                UnorderedElementsAre("min_tasks", "min_task", "queue_config.queue_url", "max_tasks",
                                     "region", "policy", "cluster_name", "service_name",
                                     "s3_config_bucket"));
}

TEST(ReadSettings, AWrongValueIsReportedEvenWhereAnotherPlaceOverridesIt) {
    EXPECT_THAT(problem_in(file(R"({"min_tasks": -1})", {{"MIN_TASKS", "1"}})),
                HasSubstr("min_tasks = -1 (file x.json)"));
}

TEST(ReadSettings, ProblemsHaveTheirParts) {
    EXPECT_THAT(problems_in(sources_of({{"MIN_TASKS", "ten"}})),
                ElementsAre(AllOf(Field(&Problem::key, "min_tasks"),
                                  Field(&Problem::where, "environment variable MIN_TASKS"),
                                  Field(&Problem::value, "\"ten\""),
                                  Field(&Problem::accepted, "an integer from 0 to 100000"),
                                  Field(&Problem::hint, ""))));
    EXPECT_EQ(problem_in(sources_of({{"MIN_TASKS", "ten"}})),
              "min_tasks = \"ten\" (environment variable MIN_TASKS): accepted is an integer from 0 "
              "to 100000");
}

TEST(ReadSettings, LongValuesAreShortened) {
    const auto problem = problem_in(sources_of({{"MIN_TASKS", std::string(5000, 'x')}}));
    EXPECT_THAT(problem, HasSubstr(std::string(80, 'x') + "..."));
    EXPECT_LT(problem.size(), 250U);
}

TEST(ReadSettings, ShorteningKeepsCharactersWhole) {
    std::string text = "x";
    for (int i = 0; i < 100; ++i) text += "\xC3\xA9";
    EXPECT_THAT(problem_in(sources_of({{"MIN_TASKS", text}})), HasSubstr("\xC3\xA9..."));
}

TEST(ReadSettings, ControlCharactersAreEscapedInValuesAndKeys) {
    const auto value = problem_in(sources_of({{"MIN_TASKS", "\x1B[31m\n\x7F\xC2\x9B\x01"}}));
    EXPECT_THAT(value, HasSubstr("\\u001b[31m\\n\\u007f\\u009b\\u0001"));
    const auto key = problem_in(file(R"({"a\u001b\u009bb": 1})"));
    EXPECT_THAT(key, HasSubstr("a\\u001b\\u009bb (file x.json)"));
    EXPECT_THAT(problem_in(file("{\"" + std::string(5000, 'k') + "\": 1}")).size(),
                testing::Lt(250U));
}

}  // namespace
}  // namespace fas::app
