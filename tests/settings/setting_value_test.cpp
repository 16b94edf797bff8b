// What a single value may be, and how a wrong one is reported.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "settings/read_settings.h"
#include "settings/tables.h"
#include "tests/settings/settings_from_text.h"

namespace fas::settings {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::Not;
using testing::UnorderedElementsAre;

// Types.

TEST(SettingValue, TextStandsForNothingElseInTheFile) {
    EXPECT_THAT(problem_in(file(R"({"min_tasks": "10"})")),
                AllOf(HasSubstr("min_tasks = \"10\" (file x.json)"),
                      HasSubstr("write it without quotation marks")));
    EXPECT_THAT(problem_in(file(R"({"use_combined_messages": "true"})")),
                HasSubstr("without quotation marks"));
    EXPECT_THAT(problem_in(file(R"({"min_tasks": null})")), HasSubstr("min_tasks = null"));
    EXPECT_THAT(problem_in(file(R"({"cluster_name": ""})")), HasSubstr("cluster_name = \"\""));
}

TEST(SettingValue, WrongTypesAreProblems) {
    for (const auto* text :
         {R"({"min_tasks": true})", R"({"min_tasks": [1]})", R"({"min_tasks": {}})",
          R"({"use_combined_messages": 1})", R"({"cluster_name": 7})", R"({"policy": 1})",
          R"({"log_level": false})", R"({"queue_config": "x"})", R"({"queue_config": null})",
          R"({"tolerance": "0.1"})"}) {
        EXPECT_THAT(problem_in(file(text)), HasSubstr("must be")) << text;
    }
}

TEST(SettingValue, AnIntegerMayBeWrittenAsAFractionOfZero) {
    EXPECT_EQ(settings_from(file(R"({"min_tasks": 10.0})")).rules.min_tasks, Tasks{10});
    EXPECT_EQ(settings_from(file(R"({"min_tasks": 1e1})")).rules.min_tasks, Tasks{10});
    EXPECT_EQ(settings_from(sources_of({{"MIN_TASKS", "10.0"}})).rules.min_tasks, Tasks{10});
    EXPECT_THAT(problem_in(file(R"({"min_tasks": 10.5})")),
                HasSubstr("min_tasks = 10.5 (file x.json): must be an integer"));
    EXPECT_THAT(problem_in(sources_of({{"MIN_TASKS", "10.5"}})), HasSubstr("an integer"));
}

TEST(SettingValue, VariablesAreNumbersAsAWhole) {
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

TEST(SettingValue, BooleansAsTextAreTrueFalseYesNoOneAndZero) {
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

TEST(SettingValue, LogLevelsAreNamedAsInPythonInAnyCase) {
    const auto level = [](std::string text) {
        return process_from(sources_of({{"LOG_LEVEL", text}})).log_level;
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

TEST(SettingValue, ChoicesSetWhatTheyName) {
    const auto override_of = [](std::string name) {
        return settings_from(sources_of({{"SCALE_OUT_OVERRIDE", name}})).rules.scale_out_override;
    };
    EXPECT_EQ(override_of("larger_backlog"), scaling::CooldownOverride::larger_backlog);
    EXPECT_EQ(override_of("always"), scaling::CooldownOverride::always);
    EXPECT_EQ(override_of("never"), scaling::CooldownOverride::never);
    EXPECT_EQ(settings_from(sources_of({{"POLICY", "backlog"}})).policy, PolicyType::backlog);
    EXPECT_EQ(settings_from(event(R"({"policy": "threshold"})", {{"POLICY", "backlog"}})).policy,
              PolicyType::threshold);
}

TEST(SettingValue, QueueTypesThatThereAreNotNameThoseThereAre) {
    EXPECT_THAT(
        problem_in(sources_of({{"QUEUE_TYPE", "pigeons"}})),
        AllOf(HasSubstr("queue_type = \"pigeons\""), HasSubstr("must be one of \"sqs\", \"")));
    EXPECT_THAT(problem_in(sources_of({{"QUEUE_TYPE", "SQS"}})),
                HasSubstr("did you mean \"sqs\"?"));
}

TEST(SettingValue, MisspeltChoicesSuggestTheNearest) {
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

TEST(SettingValue, RangesIncludeTheirEndsOrNotAsTheySay) {
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

TEST(SettingValue, NamesCannotBreakOutOfTheStatesKey) {
    for (const auto* name : {"..", "a/b", "a/../b", "a b", "a\\u0000b", "a\\nb", "é", "a?b", ""}) {
        const std::string text = std::string(R"({"cluster_name": ")") + name + "\"}";
        EXPECT_THAT(problem_in(file(text)), HasSubstr("cluster_name = ")) << text;
    }
}

TEST(SettingValue, ExternalIdsAreOfStssCharacters) {
    const auto accepts = [](std::string_view text) {
        return std::get<Text>(target_table.find("external_id")->type).grammar.accepts(text);
    };
    EXPECT_TRUE(accepts("a1_+=,.@:/-"));
    EXPECT_TRUE(accepts(std::string(1224, 'a')));
    for (const std::string& text : {std::string{"a"}, std::string{"a b"}, std::string(1225, 'a')}) {
        EXPECT_FALSE(accepts(text));
    }
}

TEST(SettingValue, ArnsAreKeptAsTheyAreGiven) {
    const std::string cluster = "arn:aws:ecs:eu-west-1:123456789012:cluster/prod";
    const std::string service = "arn:aws-cn:ecs:cn-north-1:123456789012:service/prod/worker";
    const auto settings =
        settings_from(sources_of({{"ECS_CLUSTER", cluster}, {"SERVICE_NAME", service}}));
    EXPECT_EQ(settings.cluster_name, cluster);
    EXPECT_EQ(settings.service_name, service);
}

TEST(SettingValue, QueueUrlsAreHttpsForAws) {
    EXPECT_THAT(problem_in(sources_of(
                    {{"SQS_QUEUE_URL", "http://sqs.us-east-1.amazonaws.com/123456789012/q"}})),
                HasSubstr("https for AWS"));
    EXPECT_EQ(
        queue_name(
            settings_from(sources_of({{"SQS_QUEUE_URL", "http://localhost:4566/000000000000/q"}}))
                .queues.front()),
        "http://localhost:4566/000000000000/q");
}

TEST(SettingValue, PasswordsAndSignaturesInAUrlAreNotShown) {
    for (const auto* url :
         {"https://user:hunter2@host/q", "https://host/q?X-Amz-Signature=hunter2",
          "https://user:hun/hunter2@host/q", "user:hunter2@host/q", "https://hunter2@host"}) {
        EXPECT_THAT(problem_in(sources_of({{"SQS_QUEUE_URL", url}})),
                    AllOf(HasSubstr("***"), Not(HasSubstr("hunter2"))))
            << url;
    }
}

// Problems.

TEST(SettingValue, AllProblemsAreFoundAtOnce) {
    const auto problems = problems_in(
        sources_of({{"MAX_TASKS", "many"}, {"AWS_REGION", "EU"}},
                   R"({"min_tasks": -1, "min_task": 1, "queue_config": {"queue_url": "x y"}})",
                   R"({"config": {"policy": "best"}})"),
        Purpose::check);
    EXPECT_THAT(keys_of(problems),
                UnorderedElementsAre("min_tasks", "min_task", "queue_config.queue_url", "max_tasks",
                                     "region", "policy", "cluster_name", "service_name",
                                     "s3_config_bucket"));
}

TEST(SettingValue, AWrongValueIsReportedEvenWhereAnotherPlaceOverridesIt) {
    EXPECT_THAT(problem_in(file(R"({"min_tasks": -1})", {{"MIN_TASKS", "1"}})),
                HasSubstr("min_tasks = -1 (file x.json)"));
}

TEST(SettingValue, ProblemsHaveTheirParts) {
    EXPECT_THAT(problems_in(sources_of({{"MIN_TASKS", "ten"}})),
                ElementsAre(AllOf(Field(&Problem::key, "min_tasks"),
                                  Field(&Problem::where, "environment variable MIN_TASKS"),
                                  Field(&Problem::value, "\"ten\""),
                                  Field(&Problem::must_be, "an integer from 0 to 100000"),
                                  Field(&Problem::hint, ""))));
    EXPECT_EQ(problem_in(sources_of({{"MIN_TASKS", "ten"}})),
              "min_tasks = \"ten\" (environment variable MIN_TASKS): must be an integer from 0 "
              "to 100000");
}

TEST(SettingValue, LongValuesAreShortened) {
    const auto problem = problem_in(sources_of({{"MIN_TASKS", std::string(5000, 'x')}}));
    EXPECT_THAT(problem, HasSubstr(std::string(80, 'x') + "..."));
    EXPECT_LT(problem.size(), 250U);
}

TEST(SettingValue, ShorteningKeepsCharactersWhole) {
    std::string text = "x";
    for (int i = 0; i < 100; ++i) text += "\xC3\xA9";
    EXPECT_THAT(problem_in(sources_of({{"MIN_TASKS", text}})), HasSubstr("\xC3\xA9..."));
}

TEST(SettingValue, ControlCharactersAreEscapedInValuesAndKeys) {
    const auto value = problem_in(sources_of({{"MIN_TASKS", "\x1B[31m\n\x7F\xC2\x9B\x01"}}));
    EXPECT_THAT(value, HasSubstr("\\u001b[31m\\n\\u007f\\u009b\\u0001"));
    const auto key = problem_in(file(R"({"a\u001b\u009bb": 1})"));
    EXPECT_THAT(key, HasSubstr("a\\u001b\\u009bb (file x.json)"));
    EXPECT_THAT(problem_in(file("{\"" + std::string(5000, 'k') + "\": 1}")).size(),
                testing::Lt(250U));
}

}  // namespace
}  // namespace fas::settings
