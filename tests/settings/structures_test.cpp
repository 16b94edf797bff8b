// The settings that are objects or lists: a schedule, steps, a behaviour.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/settings/settings_from_text.h"

namespace fas::settings {
namespace {

using ::testing::HasSubstr;

TargetSettings with(const std::string& key, const std::string& text) {
    return settings_from(file("{\"" + key + "\": " + text + "}"));
}

std::string problem_with(const std::string& key, const std::string& text) {
    return problem_in(file("{\"" + key + "\": " + text + "}"));
}

struct Refused {
    const char* text;
    const char* problem;
};

TEST(StepSetting, ReadsAwsForm) {
    const auto step = with("step", R"({
        "threshold": 50, "adjustment_type": "PercentChangeInCapacity",
        "min_adjustment_magnitude": 2, "count_in_flight": false,
        "step_adjustments": [
            {"metric_interval_lower_bound": 0, "metric_interval_upper_bound": 10,
             "scaling_adjustment": 10},
            {"metric_interval_lower_bound": 10, "metric_interval_upper_bound": null,
             "scaling_adjustment": 30},
            {"metric_interval_upper_bound": 0, "scaling_adjustment": -10}]})")
                          .step;
    const scaling::StepParameters expected{
        .threshold = 50,
        .type = scaling::AdjustmentType::percent_change_in_capacity,
        .min_adjustment_magnitude = Tasks{2},
        .count_in_flight = false,
        .steps = {{.lower_bound = 0, .upper_bound = 10, .adjustment = 10},
                  {.lower_bound = 10, .adjustment = 30},
                  {.upper_bound = 0, .adjustment = -10}}};
    EXPECT_EQ(step, expected);
}

TEST(StepSetting, NamesThePlaceOfWhatIsWrong) {
    const std::vector<Refused> cases = {
        {"[]", "step = [...] (file x.json): must be an object with threshold and step_adjustments"},
        {R"({"treshold": 1})",
         "step.treshold (file x.json): there is no such setting; did you mean threshold?"},
        {R"({"threshold": 1, "threshold": 2})",
         "step.threshold (file x.json): stands there more than once"},
        {R"({"threshold": -1})",
         "step.threshold = -1 (file x.json): must be a number from 0 to 1000000000000"},
        {R"({"step_adjustments": []})",
         "step.step_adjustments = [...] (file x.json): must be a list of 1 to 20 objects"},
        {R"({"threshold": 1})",
         "step.step_adjustments (missing in file x.json): must be a list of "},
        {R"({"threshold": 1, "adjustment_type": "ChangeCapacity"})",
         "step.adjustment_type = \"ChangeCapacity\" (file x.json): must be one of "
         "\"ChangeInCapacity\", \"ExactCapacity\", "
         "\"PercentChangeInCapacity\"; did you mean \"ChangeInCapacity\"?"},
        {R"({"threshold": 1, "step_adjustments": {}})",
         "step.step_adjustments = {...} (file x.json): must be a list of 1 to 20 objects"},
        {R"({"threshold": 1, "step_adjustments": [{"metric_interval_lower_bound": 0}]})",
         "step.step_adjustments[0].scaling_adjustment (missing in file x.json): must be an "},
        {R"({"threshold": 1, "step_adjustments": [
            {"metric_interval_lower_bound": 0, "scaling_adjustment": 1.5}]})",
         "step.step_adjustments[0].scaling_adjustment = 1.5 (file x.json): must be an integer from "
         "-100000 to "},
        {R"({"threshold": 1, "step_adjustments": [
            {"metric_interval_lower_bound": 0, "metric_interval_upper_bound": 5,
             "scaling_adjustment": 1}]})",
         "step.step_adjustments (file x.json): above 5 is no step"},
    };
    for (const Refused& c : cases) {
        EXPECT_THAT(problem_with("step", c.text), HasSubstr(c.problem));
    }
}

TEST(BehaviorSetting, ReadsBothDirections) {
    const auto behavior = with("behavior", R"({
        "scale_out": {"policies": [{"type": "percent", "value": 100, "period": 15},
                                   {"type": "tasks", "value": 4, "period": 15}]},
        "scale_in": {"stabilization_window": 300, "select_policy": "disabled"}})")
                              .behavior;
    const scaling::Behavior expected{
        .scale_out = {.policies = {{scaling::RateType::percent, 100, Seconds{15}},
                                   {scaling::RateType::tasks, 4, Seconds{15}}}},
        .scale_in = {.stabilization_window = Seconds{300},
                     .select_policy = scaling::SelectPolicy::disabled}};
    EXPECT_EQ(behavior, expected);
    EXPECT_TRUE(with("behavior", "{}").behavior.is_off());
}

TEST(BehaviorSetting, NamesThePlaceOfWhatIsWrong) {
    const std::vector<Refused> cases = {
        {"1", "behavior = 1 (file x.json): must be an object"},
        {R"({"scaleDown": {}})", "behavior.scaleDown (file x.json): there is no such setting"},
        {R"({"scale_inn": {}})",
         "behavior.scale_inn (file x.json): there is no such setting; did you mean scale_in?"},
        {R"({"scale_in": []})", "behavior.scale_in = [...] (file x.json): must be an object"},
        {R"({"scale_in": {"stabilization_window": 3601}})",
         "behavior.scale_in.stabilization_window = 3601 (file x.json): must be a number from 0 to "
         "3600"},
        {R"({"scale_in": {"select_policy": "maximum"}})",
         "behavior.scale_in.select_policy = \"maximum\" (file x.json): must be one of \"max\", "
         "\"min\", \"disabled\""},
        {R"({"scale_in": {"policies": {}}})",
         "behavior.scale_in.policies = {...} (file x.json): must be a list"},
        {R"({"scale_in": {"policies": [{"type": "tasks", "value": 1, "period": 60},
                                       {"type": "tasks", "value": 1, "period": 0}]}})",
         "behavior.scale_in.policies[1].period = 0 (file x.json): must be a number from 1 to 1800"},
        {R"({"scale_out": {"policies": [{"type": "pods", "value": 1, "period": 60}]}})",
         "behavior.scale_out.policies[0].type = \"pods\" (file x.json): must be one of \"tasks\", "
         "\"percent\""},
        {R"({"scale_out": {"policies": [{"type": "tasks", "value": 0, "period": 60}]}})",
         "behavior.scale_out.policies[0].value = 0 (file x.json): must be an integer from 1 to "
         "100000"},
        {R"({"scale_out": {"policies": [{"type": "tasks", "value": 1}]}})",
         "behavior.scale_out.policies[0].period (missing in file x.json): must be a number from 1"},
    };
    for (const Refused& c : cases) {
        EXPECT_THAT(problem_with("behavior", c.text), HasSubstr(c.problem));
    }
}

TEST(ScheduleSetting, ReadsEntries) {
    const auto schedule = with("schedule", R"([
        {"start": "0 8 * * MON-FRI", "end": "0 18 * * MON-FRI", "timezone": "Europe/Berlin",
         "min_tasks": 20, "max_tasks": 200},
        {"start": "@daily", "min_tasks": 1}])")
                              .schedule;
    ASSERT_EQ(schedule.size(), 2U);
    const auto& [working_day, every_day] = std::tie(schedule.at(0), schedule.at(1));
    EXPECT_EQ(working_day.start.text(), "0 8 * * MON-FRI");
    EXPECT_EQ(working_day.end->text(), "0 18 * * MON-FRI");
    EXPECT_EQ(working_day.timezone, "Europe/Berlin");
    EXPECT_EQ(working_day.min_tasks, Tasks{20});
    EXPECT_EQ(working_day.max_tasks, Tasks{200});
    EXPECT_EQ(every_day.timezone, "UTC");
    EXPECT_NE(every_day.zone, nullptr);
    EXPECT_EQ(every_day.max_tasks, std::nullopt);
}

TEST(ScheduleSetting, NamesThePlaceOfWhatIsWrong) {
    const std::vector<Refused> cases = {
        {"{}", "schedule = {...} (file x.json): must be a list of at most 50 objects"},
        {R"(["0 8 * * *"])",
         "schedule[0] = \"0 8 * * *\" (file x.json): must be an object with start"},
        {R"([{"start": "@daily", "min_tasks": 1}, {"min_tasks": 1}])",
         "schedule[1].start (missing in file x.json): must be a cron expression of five fields"},
        {R"([{"start": "0 25 * * *", "min_tasks": 1}])",
         "; \"25\" is no hour: accepted are 0 to 23"},
        {R"([{"start": "@daily", "end": "@sometimes", "min_tasks": 1}])",
         "schedule[0].end = \"@sometimes\" (file x.json): must be a cron expression"},
        {R"([{"start": "@daily", "end": "@daily", "min_tasks": 1}])",
         "schedule[0].end (file x.json): is the same as start"},
        {R"([{"start": "@daily", "min_task": 1}])",
         "schedule[0].min_task (file x.json): there is no such setting; did you mean min_tasks?"},
        {R"([{"start": "@daily"}])",
         "schedule[0] (file x.json): needs min_tasks, max_tasks, or both"},
        {R"([{"start": "@daily", "min_tasks": 9, "max_tasks": 3}])",
         "schedule[0].min_tasks (file x.json): 9 is above max_tasks, 3"},
        {R"([{"start": "@daily", "timezone": "Europe/Berln", "min_tasks": 1}])",
         "schedule[0].timezone = \"Europe/Berln\" (file x.json): must be a name of the IANA"},
        {R"([{"start": "@daily", "min_tasks": -1}])",
         "schedule[0].min_tasks = -1 (file x.json): must be an integer from 0 to 100000"},
    };
    for (const Refused& c : cases) {
        EXPECT_THAT(problem_with("schedule", c.text), HasSubstr(c.problem));
    }
}

TEST(ScheduleSetting, TakesNoMoreThanFiftyEntries) {
    std::string text = "[";
    for (int i = 0; i < 51; ++i) {
        text += i == 0 ? "" : ",";
        text += R"({"start": "@daily", "min_tasks": 1})";
    }
    EXPECT_THAT(problem_with("schedule", text + "]"), HasSubstr("at most 50 objects"));
}

}  // namespace
}  // namespace fas::settings
