// The settings that are objects or lists: a schedule, steps, a behaviour.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "app/behavior_setting.h"
#include "app/schedule_setting.h"
#include "app/step_setting.h"

namespace fas::app {
namespace {

using ::testing::HasSubstr;

template <class Read>
auto from_text(Read read, std::string_view text, std::string* problem) {
    const auto document = json::parse(text, {.bytes_max = 1'000'000});
    EXPECT_TRUE(document) << text;
    return read(document->root(), problem);
}

// What every machine has, and what none has.
Result<std::shared_ptr<const TimeZone>> only_berlin(std::string_view name) {
    if (name == "Europe/Berlin" || name == "UTC") return std::make_shared<const TimeZone>();
    return Error{ErrorKind::invalid, "no data of time zone"};
}

std::optional<scaling::Schedule> schedule_of(std::string_view text, std::string* problem) {
    return from_text([](const json::Value& value,
                        std::string* why) { return read_schedule(value, why, only_berlin); },
                     text, problem);
}

struct Refused {
    const char* text;
    const char* problem;
};

TEST(StepSetting, ReadsAwsForm) {
    std::string problem;
    const auto step = from_text(read_step, R"({
        "threshold": 50, "adjustment_type": "PercentChangeInCapacity",
        "min_adjustment_magnitude": 2, "count_in_flight": false,
        "step_adjustments": [
            {"metric_interval_lower_bound": 0, "metric_interval_upper_bound": 10,
             "scaling_adjustment": 10},
            {"metric_interval_lower_bound": 10, "metric_interval_upper_bound": null,
             "scaling_adjustment": 30},
            {"metric_interval_upper_bound": 0, "scaling_adjustment": -10}]})",
                                &problem);
    ASSERT_TRUE(step) << problem;
    const scaling::StepParameters expected{
        .threshold = 50,
        .type = scaling::AdjustmentType::percent_change_in_capacity,
        .min_adjustment_magnitude = Tasks{2},
        .count_in_flight = false,
        .steps = {{.lower_bound = 0, .upper_bound = 10, .adjustment = 10},
                  {.lower_bound = 10, .adjustment = 30},
                  {.upper_bound = 0, .adjustment = -10}}};
    EXPECT_EQ(*step, expected);
}

TEST(StepSetting, NamesThePlaceOfWhatIsWrong) {
    const std::vector<Refused> cases = {
        {"[]", "step: accepted is an object"},
        {R"({"treshold": 1})", "step.treshold: there is no such key; did you mean threshold?"},
        {R"({"threshold": 1, "threshold": 2})", "step.threshold: stands there more than once"},
        {R"({"threshold": -1})", "step.threshold: accepted is a number from 0 to 1e+12"},
        {R"({"step_adjustments": []})", "step: it needs a threshold, in messages"},
        {R"({"threshold": 1})", "step.step_adjustments: there is no step"},
        {R"({"threshold": 1, "adjustment_type": "ChangeCapacity"})",
         "step.adjustment_type: accepted is one of \"ChangeInCapacity\", \"ExactCapacity\", "
         "\"PercentChangeInCapacity\"; did you mean \"ChangeInCapacity\"?"},
        {R"({"threshold": 1, "step_adjustments": {}})",
         "step.step_adjustments: accepted is a list of at most 20 items"},
        {R"({"threshold": 1, "step_adjustments": [{"metric_interval_lower_bound": 0}]})",
         "step.step_adjustments[0]: it needs a scaling_adjustment"},
        {R"({"threshold": 1, "step_adjustments": [
            {"metric_interval_lower_bound": 0, "scaling_adjustment": 1.5}]})",
         "step.step_adjustments[0].scaling_adjustment: accepted is an integer from -100000 to "},
        {R"({"threshold": 1, "step_adjustments": [
            {"metric_interval_lower_bound": 0, "metric_interval_upper_bound": 5,
             "scaling_adjustment": 1}]})",
         "step.step_adjustments: above 5 is no step"},
    };
    for (const Refused& c : cases) {
        std::string problem;
        EXPECT_FALSE(from_text(read_step, c.text, &problem)) << c.text;
        EXPECT_THAT(problem, HasSubstr(c.problem));
    }
}

TEST(BehaviorSetting, ReadsBothDirections) {
    std::string problem;
    const auto behavior = from_text(read_behavior, R"({
        "scale_out": {"policies": [{"type": "percent", "value": 100, "period": 15},
                                   {"type": "tasks", "value": 4, "period": 15}]},
        "scale_in": {"stabilization_window": 300, "select_policy": "disabled"}})",
                                    &problem);
    ASSERT_TRUE(behavior) << problem;
    const scaling::Behavior expected{
        .scale_out = {.policies = {{scaling::RateType::percent, 100, Seconds{15}},
                                   {scaling::RateType::tasks, 4, Seconds{15}}}},
        .scale_in = {.stabilization_window = Seconds{300},
                     .select_policy = scaling::SelectPolicy::disabled}};
    EXPECT_EQ(*behavior, expected);
    EXPECT_TRUE(from_text(read_behavior, "{}", &problem)->is_off());
}

TEST(BehaviorSetting, NamesThePlaceOfWhatIsWrong) {
    const std::vector<Refused> cases = {
        {"1", "behavior: accepted is an object"},
        {R"({"scaleDown": {}})", "behavior.scaleDown: there is no such key"},
        {R"({"scale_inn": {}})",
         "behavior.scale_inn: there is no such key; did you mean scale_in?"},
        {R"({"scale_in": []})", "behavior.scale_in: accepted is an object"},
        {R"({"scale_in": {"stabilization_window": 3601}})",
         "behavior.scale_in.stabilization_window: accepted is a number from 0 to 3600"},
        {R"({"scale_in": {"select_policy": "maximum"}})",
         "behavior.scale_in.select_policy: accepted is one of \"max\", \"min\", \"disabled\""},
        {R"({"scale_in": {"policies": {}}})", "behavior.scale_in.policies: accepted is a list"},
        {R"({"scale_in": {"policies": [{"type": "tasks", "value": 1, "period": 60},
                                       {"type": "tasks", "value": 1, "period": 0}]}})",
         "behavior.scale_in.policies[1].period: accepted is a number from 1 to 1800"},
        {R"({"scale_out": {"policies": [{"type": "pods", "value": 1, "period": 60}]}})",
         "behavior.scale_out.policies[0].type: accepted is one of \"tasks\", \"percent\""},
        {R"({"scale_out": {"policies": [{"type": "tasks", "value": 0, "period": 60}]}})",
         "behavior.scale_out.policies[0].value: accepted is an integer from 1 to 100000"},
        {R"({"scale_out": {"policies": [{"type": "tasks", "value": 1}]}})",
         "behavior.scale_out.policies[0]: it needs a type, a value and a period"},
    };
    for (const Refused& c : cases) {
        std::string problem;
        EXPECT_FALSE(from_text(read_behavior, c.text, &problem)) << c.text;
        EXPECT_THAT(problem, HasSubstr(c.problem));
    }
}

TEST(ScheduleSetting, ReadsEntries) {
    std::string problem;
    const auto schedule = schedule_of(R"([
        {"start": "0 8 * * MON-FRI", "end": "0 18 * * MON-FRI", "timezone": "Europe/Berlin",
         "min_tasks": 20, "max_tasks": 200},
        {"start": "@daily", "min_tasks": 1}])",
                                      &problem);
    ASSERT_TRUE(schedule) << problem;
    ASSERT_EQ(schedule->size(), 2U);
    const auto& [working_day, every_day] = std::tie(schedule->at(0), schedule->at(1));
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
        {"{}", "schedule: accepted is a list of at most 50 items"},
        {R"(["0 8 * * *"])", "schedule[0]: accepted is an object"},
        {R"([{"start": "@daily", "min_tasks": 1}, {"min_tasks": 1}])",
         "schedule[1]: it needs a start, a cron expression of five fields"},
        {R"([{"start": "0 25 * * *", "min_tasks": 1}])",
         "schedule[0].start: \"25\" is no hour: accepted are 0 to 23"},
        {R"([{"start": "@daily", "end": "@sometimes", "min_tasks": 1}])",
         "schedule[0].end: it has 1 fields, not five"},
        {R"([{"start": "@daily", "end": "@daily", "min_tasks": 1}])",
         "schedule[0].end: it is the same as start"},
        {R"([{"start": "@daily", "min_task": 1}])",
         "schedule[0].min_task: there is no such key; did you mean min_tasks?"},
        {R"([{"start": "@daily"}])", "schedule[0]: it needs min_tasks, max_tasks, or both"},
        {R"([{"start": "@daily", "min_tasks": 9, "max_tasks": 3}])",
         "schedule[0].min_tasks: 9 is above max_tasks, 3"},
        {R"([{"start": "@daily", "timezone": "Europe/Berln", "min_tasks": 1}])",
         "schedule[0].timezone: no data of time zone"},
        {R"([{"start": "@daily", "min_tasks": -1}])",
         "schedule[0].min_tasks: accepted is an integer from 0 to 100000"},
    };
    for (const Refused& c : cases) {
        std::string problem;
        EXPECT_FALSE(schedule_of(c.text, &problem)) << c.text;
        EXPECT_THAT(problem, HasSubstr(c.problem));
    }
}

TEST(ScheduleSetting, TakesNoMoreThanFiftyEntries) {
    std::string text = "[";
    for (int i = 0; i < 51; ++i) {
        text += i == 0 ? "" : ",";
        text += R"({"start": "@daily", "min_tasks": 1})";
    }
    std::string problem;
    EXPECT_FALSE(schedule_of(text + "]", &problem));
    EXPECT_THAT(problem, HasSubstr("at most 50 items"));
}

}  // namespace
}  // namespace fas::app
