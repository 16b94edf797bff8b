#include "app/setting_table.h"

#include <algorithm>
#include <array>
#include <type_traits>
#include <utility>

#include "app/behavior_setting.h"
#include "app/schedule_setting.h"
#include "app/step_setting.h"
#include "clients/aws/names.h"
#include "scaling/controls.h"

namespace fas::app {

namespace {

using scaling::BacklogParameters;
using scaling::CooldownOverride;
using scaling::Rules;
using scaling::ThresholdParameters;

constexpr double messages_max = 1e12;
constexpr double ratio_max = 1e9;
constexpr double duration_max_s = 604'800;  // a week
constexpr double invocation_max_s = 900;    // Lambda's limit
constexpr std::int64_t checks_max = 900;    // one a second
constexpr double interval_max_s = 3600;

constexpr std::string_view external_id_accepted = "2 to 1224 letters, digits and _ + = , . @ : / -";

constexpr std::array<std::string_view, 4> policies = {"threshold", "backlog", "step", "schedule"};
// In FallbackBehavior's order.
constexpr std::array<std::string_view, 5> fallbacks = {"hold", "static", "current",
                                                       "current_if_higher", "current_if_lower"};
constexpr std::array<std::string_view, 2> combinations = {"max", "sum"};
constexpr std::array<std::string_view, 3> overrides = {"larger_backlog", "always", "never"};
constexpr std::array<std::string_view, 4> pauses = {"none", "in", "out", "all"};
constexpr std::array<std::string_view, 2> metrics_kinds = {"emf", "none"};
constexpr std::array<std::string_view, 6> log_levels = {"DEBUG",   "INFO",  "WARN",
                                                        "WARNING", "ERROR", "CRITICAL"};

template <class Field>
Draft& owner_of(Field Draft::*, Draft& draft) {
    return draft;
}
template <class Field>
ProcessSettings& owner_of(Field ProcessSettings::*, Draft& draft) {
    return draft.process;
}
template <class Field>
TargetSettings& owner_of(Field TargetSettings::*, Draft& draft) {
    return draft.target;
}
template <class Field>
Rules& owner_of(Field Rules::*, Draft& draft) {
    return draft.target.rules;
}
template <class Field>
scaling::Fallback& owner_of(Field scaling::Fallback::*, Draft& draft) {
    return draft.target.fallback;
}
template <class Field>
ThresholdParameters& owner_of(Field ThresholdParameters::*, Draft& draft) {
    return draft.target.threshold;
}
template <class Field>
BacklogParameters& owner_of(Field BacklogParameters::*, Draft& draft) {
    return draft.target.backlog;
}

// Sets the field of whichever part of the draft has it.
template <auto field>
void put(Draft& draft, const OptionValue& value) {
    auto& place = owner_of(field, draft).*field;
    using Field = std::remove_reference_t<decltype(place)>;
    if constexpr (std::is_same_v<Field, bool>) {
        place = std::get<bool>(value);
    } else if constexpr (std::is_same_v<Field, std::string>) {
        place = std::get<std::string>(value);
    } else if constexpr (requires { Field{0.5}; }) {
        place = Field{std::get<double>(value)};
    } else {
        place = Field{std::get<std::int64_t>(value)};
    }
}

void ignore(Draft&, const OptionValue&) {}

void set_policy(Draft& draft, const OptionValue& value) {
    const auto& name = std::get<std::string>(value);
    auto& policy = draft.target.policy;
    if (name == "threshold") policy = PolicyType::threshold;
    if (name == "backlog") policy = PolicyType::backlog;
    if (name == "step") policy = PolicyType::step;
    if (name == "schedule") policy = PolicyType::schedule;
}

void set_combination(Draft& draft, const OptionValue& value) {
    const bool sum = std::get<std::string>(value) == "sum";
    draft.target.combine_queues = sum ? scaling::Combine::sum : scaling::Combine::max;
}

void set_fallback(Draft& draft, const OptionValue& value) {
    const auto& name = std::get<std::string>(value);
    const auto number = std::ranges::find(fallbacks, name) - fallbacks.begin();
    draft.target.fallback.behavior = static_cast<scaling::FallbackBehavior>(number);
}

// Keeps what `read` gives in the target's field.
template <auto field, auto read>
bool put_structure(Draft& draft, const json::Value& value, std::string* problem) {
    auto structure = read(value, problem);
    if (structure) draft.target.*field = std::move(*structure);
    return structure.has_value();
}

constexpr auto read_schedule_of_system = [](const json::Value& value, std::string* problem) {
    return read_schedule(value, problem);
};

void set_override(Draft& draft, const OptionValue& value) {
    const auto& name = std::get<std::string>(value);
    auto& chosen = draft.target.rules.scale_out_override;
    if (name == "larger_backlog") chosen = CooldownOverride::larger_backlog;
    if (name == "always") chosen = CooldownOverride::always;
    if (name == "never") chosen = CooldownOverride::never;
}

void set_pause(Draft& draft, const OptionValue& value) {
    const auto& name = std::get<std::string>(value);
    draft.target.rules.pause = *scaling::parse_pause(name);
}

void set_hold_at(Draft& draft, const OptionValue& value) {
    draft.target.rules.hold_at = Tasks{std::get<std::int64_t>(value)};
}

void set_metrics(Draft& draft, const OptionValue& value) {
    const auto& name = std::get<std::string>(value);
    draft.process.metrics = name == "none" ? Metrics::none : Metrics::emf;
}

void set_log_level(Draft& draft, const OptionValue& value) {
    const auto& name = std::get<std::string>(value);
    auto& level = draft.process.log_level;
    if (name == "DEBUG") level = LogLevel::debug;
    if (name == "INFO") level = LogLevel::info;
    if (name == "WARNING" || name == "WARN") level = LogLevel::warning;
    if (name == "ERROR" || name == "CRITICAL") level = LogLevel::error;
}

constexpr std::array setting_rows = {
    // What to scale, on what.
    Setting{.key = "queue_type",
            .variable = "QUEUE_TYPE",
            .description = "The kind of queue.",
            .type = KindType{Part::queue}},
    Setting{.key = "combine_queues",
            .variable = "COMBINE_QUEUES",
            .description = "How several queues become one: the fullest counts (max), or all of "
                           "them together (sum); each times its weight.",
            .type = ChoiceType{.names = combinations},
            .set = set_combination},
    Setting{.key = "target_type",
            .variable = "TARGET_TYPE",
            .description = "What is scaled.",
            .type = KindType{Part::target}},
    Setting{.key = "cluster_name",
            .variable = "ECS_CLUSTER",
            .description = "The ECS cluster's name or ARN. It is part of the state's key in S3 as "
                           "it is written here.",
            .type = TextType{.accepted = "the name of an ECS cluster (letters, digits, - and _, at "
                                         "most 255) or its ARN",
                             .pattern = clients::cluster_pattern,
                             .valid = clients::is_cluster},
            .set = put<&TargetSettings::cluster_name>,
            .required = true,
            .part = Part::target},
    Setting{.key = "service_name",
            .variable = "SERVICE_NAME",
            .description = "The ECS service's name or ARN. It is part of the state's key in S3 as "
                           "it is written here.",
            .type = TextType{.accepted = "the name of an ECS service (letters, digits, - and _, at "
                                         "most 255) or its ARN",
                             .pattern = clients::service_pattern,
                             .valid = clients::is_service},
            .set = put<&TargetSettings::service_name>,
            .required = true,
            .part = Part::target},
    Setting{.key = "role_arn",
            .variable = "ROLE_ARN",
            .description = "The role to assume for queue and service, when both are in another "
                           "account. The bucket is reached without it.",
            .type = TextType{.accepted = "the ARN of an IAM role",
                             .pattern = clients::role_arn_pattern,
                             .valid = clients::is_role_arn},
            .set = put<&TargetSettings::role_arn>},
    Setting{.key = "external_id",
            .variable = "EXTERNAL_ID",
            .description = "The external id that role_arn's trust policy asks for.",
            .type = TextType{.accepted = external_id_accepted,
                             .pattern = clients::external_id_pattern,
                             .valid = clients::is_external_id},
            .set = put<&TargetSettings::external_id>},
    Setting{.key = "target_role_arn",
            .variable = "TARGET_ROLE_ARN",
            .description = "The role to assume for the ECS service, when it is in another account. "
                           "Queue and bucket are reached without it; it wins over role_arn.",
            .type = TextType{.accepted = "the ARN of an IAM role",
                             .pattern = clients::role_arn_pattern,
                             .valid = clients::is_role_arn},
            .set = put<&TargetSettings::target_role_arn>},
    Setting{.key = "target_external_id",
            .variable = "TARGET_EXTERNAL_ID",
            .description = "The external id that target_role_arn's trust policy asks for.",
            .type = TextType{.accepted = external_id_accepted,
                             .pattern = clients::external_id_pattern,
                             .valid = clients::is_external_id},
            .set = put<&TargetSettings::target_external_id>},

    // How far and how often.
    Setting{.key = "min_tasks",
            .variable = "MIN_TASKS",
            .description = "The fewest tasks; 0 lets the service stop when the queue is empty.",
            .type = IntegerType{.max = tasks_max},
            .set = put<&Rules::min_tasks>},
    Setting{.key = "max_tasks",
            .variable = "MAX_TASKS",
            .description = "The most tasks.",
            .type = IntegerType{.max = tasks_max},
            .set = put<&Rules::max_tasks>},
    Setting{.key = "scale_out_cooldown",
            .variable = "SCALE_OUT_COOLDOWN",
            .description = "Seconds between two scale-outs; scale_out_override says what passes.",
            .type = NumberType{.max = duration_max_s},
            .set = put<&Rules::scale_out_cooldown>},
    Setting{.key = "scale_in_cooldown",
            .variable = "SCALE_IN_COOLDOWN",
            .description = "Seconds from the last action, in or out, to a scale-in.",
            .type = NumberType{.max = duration_max_s},
            .set = put<&Rules::scale_in_cooldown>},
    Setting{.key = "scale_out_override",
            .variable = "SCALE_OUT_OVERRIDE",
            .description = "Which scale-outs pass inside the scale-out cooldown: those for more "
                           "messages than the last one's, all, or none.",
            .type = ChoiceType{.names = overrides},
            .set = set_override},
    Setting{.key = "activation_threshold",
            .variable = "ACTIVATION_THRESHOLD",
            .description = "With min_tasks 0: this many messages or fewer start no task.",
            .type = IntegerType{.max = static_cast<std::int64_t>(messages_max)},
            .set = put<&Rules::activation_threshold>},
    Setting{.key = "in_flight_per_task",
            .variable = "IN_FLIGHT_PER_TASK",
            .description = "How many messages one task holds at a time. Where given, a scale-in "
                           "keeps enough tasks for the messages in flight.",
            .type = NumberType{.max = ratio_max, .above_min = true},
            .set = put<&Rules::in_flight_per_task>},
    Setting{.key = "respect_operator_stop",
            .variable = "RESPECT_OPERATOR_STOP",
            .description = "Leave a service alone that stands at 0 tasks while min_tasks is above "
                           "0: a person stopped it.",
            .type = BooleanType{},
            .set = put<&Rules::respect_operator_stop>},
    Setting{.key = "respect_task_protection",
            .variable = "RESPECT_TASK_PROTECTION",
            .description = "No scale-in below the number of tasks that are protected from one.",
            .type = BooleanType{},
            .set = put<&Rules::respect_task_protection>},
    Setting{.key = "pause",
            .variable = "PAUSE",
            .description = "What an operator stopped: scale-ins (in), scale-outs (out), both "
                           "(all), or nothing.",
            .type = ChoiceType{.names = pauses},
            .set = set_pause},
    Setting{.key = "hold_at",
            .variable = "HOLD_AT",
            .description = "Keep exactly this many tasks, whatever the policy, the bounds and the "
                           "cooldowns say.",
            .type = IntegerType{.max = tasks_max},
            .set = set_hold_at},

    // How many tasks for how many messages.
    Setting{.key = "policy",
            .variable = "POLICY",
            .description = "The algorithm: threshold is the original Fast Autoscaler's, backlog "
                           "keeps a number of messages per task, step goes by steps, schedule by "
                           "the time of day alone.",
            .type = ChoiceType{.names = policies},
            .set = set_policy},
    Setting{.key = "scale_up_threshold",
            .variable = "SCALE_UP_THRESHOLD",
            .description = "Policy threshold: above this many messages, scale out.",
            .type = NumberType{.max = messages_max},
            .set = put<&ThresholdParameters::scale_up_threshold>},
    Setting{.key = "scale_down_threshold",
            .variable = "SCALE_DOWN_THRESHOLD",
            .description = "Policy threshold: below this many messages, scale in.",
            .type = NumberType{.max = messages_max},
            .set = put<&ThresholdParameters::scale_down_threshold>},
    Setting{.key = "tasks_per_message",
            .variable = "TASKS_PER_MESSAGE",
            .description = "Policy threshold: the tasks that one message asks for.",
            .type = NumberType{.max = ratio_max},
            .set = put<&ThresholdParameters::tasks_per_message>},
    Setting{.key = "max_scale_down_factor",
            .variable = "MAX_SCALE_DOWN_FACTOR",
            .description = "Policy threshold: the share of the tasks that one scale-in keeps. The "
                           "original's 0.99 takes 5.8 hours from 300 tasks to 10.",
            .type = NumberType{.max = 1, .below_max = true},
            .set = put<&ThresholdParameters::max_scale_down_factor>},
    Setting{.key = "use_combined_messages",
            .variable = "USE_COMBINED_MESSAGES",
            .description = "Policy threshold: count the messages in flight too.",
            .type = BooleanType{},
            .set = put<&ThresholdParameters::use_combined_messages>},
    Setting{.key = "scaling_step_count",
            .variable = "SCALING_STEP_COUNT",
            .description = "Accepted and checked, but without effect, as in the original.",
            .type = IntegerType{.min = 1, .max = tasks_max},
            .set = ignore},
    Setting{.key = "target_messages_per_task",
            .variable = "TARGET_MESSAGES_PER_TASK",
            .description = "Policy backlog: how many waiting messages there may be for each task.",
            .type = NumberType{.max = ratio_max, .above_min = true},
            .set = put<&Draft::target_messages_per_task>},
    Setting{.key = "target_latency",
            .variable = "TARGET_LATENCY",
            .description = "Policy backlog: seconds that a message may wait. Divided by "
                           "mean_processing_time it gives target_messages_per_task.",
            .type = NumberType{.max = duration_max_s, .above_min = true},
            .set = put<&Draft::target_latency_s>},
    Setting{.key = "mean_processing_time",
            .variable = "MEAN_PROCESSING_TIME",
            .description = "Policy backlog: seconds that one task needs for one message. Goes with "
                           "target_latency.",
            .type = NumberType{.max = duration_max_s, .above_min = true},
            .set = put<&Draft::mean_processing_time_s>},
    Setting{.key = "tolerance",
            .variable = "TOLERANCE",
            .description = "Policy backlog: no change while the messages per task are within this "
                           "share of the target.",
            .type = NumberType{.max = 1},
            .set = put<&BacklogParameters::tolerance>},
    Setting{.key = "count_in_flight",
            .variable = "COUNT_IN_FLIGHT",
            .description = "Policy backlog: count the messages in flight too.",
            .type = BooleanType{},
            .set = put<&BacklogParameters::count_in_flight>},

    Setting{.key = "step",
            .variable = "STEP",
            .description = "Policy step: by how much the tasks change, by how far the messages "
                           "are from a threshold.",
            .type = StructureType{.accepted = "an object with threshold and step_adjustments",
                                  .read = put_structure<&TargetSettings::step, read_step>}},
    Setting{
        .key = "schedule",
        .variable = "SCHEDULE",
        .description = "The fewest and the most tasks by the time of day, under every policy; "
                       "policy schedule has nothing else.",
        .type =
            StructureType{.accepted =
                              "a list of entries with start and min_tasks or "
                              "max_tasks",
                          .read =
                              put_structure<&TargetSettings::schedule, read_schedule_of_system>}},
    Setting{.key = "behavior",
            .variable = "BEHAVIOR",
            .description = "How long to wait for a better time and how fast to go, as in the "
                           "behavior of a Kubernetes HPA; under every policy.",
            .type = StructureType{.accepted = "an object with scale_out and scale_in",
                                  .read = put_structure<&TargetSettings::behavior, read_behavior>}},

    // What an unreadable queue means.
    Setting{.key = "queue_age_max",
            .variable = "QUEUE_AGE_MAX",
            .description = "Seconds: a reading that was measured longer ago counts as unknown. "
                           "Some queues are measured by others, who say when.",
            .type = NumberType{.max = duration_max_s, .above_min = true},
            .set = put<&Rules::queue_age_max>},
    Setting{.key = "last_good_max_age",
            .variable = "LAST_GOOD_MAX_AGE",
            .description = "Seconds for which the last good reading stands in for one that fails. "
                           "It may scale out, never in.",
            .type = NumberType{.max = duration_max_s},
            .set = put<&scaling::Fallback::last_good_max_age>},
    Setting{.key = "fallback",
            .variable = "FALLBACK",
            .description = "After failure_threshold failed readings in a row: leave everything "
                           "(hold), go to fallback_tasks (static), or keep the present count "
                           "(current), at least or at most fallback_tasks.",
            .type = ChoiceType{.names = fallbacks},
            .set = set_fallback},
    Setting{.key = "fallback_tasks",
            .variable = "FALLBACK_TASKS",
            .description = "The number of tasks that fallback speaks of.",
            .type = IntegerType{.max = tasks_max},
            .set = put<&scaling::Fallback::fallback_tasks>},
    Setting{.key = "failure_threshold",
            .variable = "FAILURE_THRESHOLD",
            .description = "How many failed readings in a row are borne before fallback has its "
                           "say.",
            .type = IntegerType{.max = 1000},
            .set = put<&scaling::Fallback::failure_threshold>},

    // Where and how the autoscaler works.
    Setting{.key = "state_type",
            .variable = "STATE_TYPE",
            .description = "Where the last scaling actions are kept.",
            .type = KindType{Part::state}},
    Setting{.key = "s3_config_bucket",
            .variable = "S3_CONFIG_BUCKET",
            .description = "The S3 bucket that keeps the last scaling actions.",
            .type = TextType{.accepted = "the name of an S3 bucket (3 to 63 of a-z, 0-9, - and .)",
                             .pattern = clients::bucket_pattern,
                             .valid = clients::is_bucket},
            .set = put<&TargetSettings::s3_config_bucket>,
            .required = true,
            .part = Part::state},
    Setting{.key = "region",
            .variable = "AWS_REGION",
            .description =
                "The AWS region of queue, service and bucket. Where it is not given, the "
                "profile's, else us-east-1.",
            .type = TextType{.accepted = "the name of an AWS region, such as eu-west-1",
                             .pattern = clients::region_pattern,
                             .valid = clients::is_region},
            .set = put<&TargetSettings::region>,
            .variable_fallback = "AWS_DEFAULT_REGION"},
    Setting{.key = "sso_profile",
            .variable = "SSO_PROFILE",
            .description =
                "A profile of the shared AWS files, for local runs; it wins over keys in "
                "the environment. In the environment, AWS_PROFILE does without that.",
            .type = TextType{.accepted = "the name of a profile (letters, digits and . _ / + @ - "
                                         "and spaces, at most 128)",
                             .pattern = clients::profile_pattern,
                             .valid = clients::is_profile},
            .set = put<&ProcessSettings::sso_profile>,
            .process_wide = true},
    Setting{.key = "checks_per_invocation",
            .variable = "CHECKS_PER_INVOCATION",
            .description = "Lambda: how many checks one invocation makes; fewer when its time "
                           "runs out.",
            .type = IntegerType{.min = 1, .max = checks_max},
            .set = put<&ProcessSettings::checks_per_invocation>,
            .process_wide = true},
    Setting{.key = "check_interval",
            .variable = "CHECK_INTERVAL",
            .description = "Lambda: seconds from the start of one check to that of the next in the "
                           "same invocation.",
            .type = NumberType{.min = 1, .max = invocation_max_s},
            .set = put<&ProcessSettings::check_interval>,
            .process_wide = true},
    Setting{.key = "metrics",
            .variable = "METRICS",
            .description = "Lambda: print each check's figures in CloudWatch's embedded metric "
                           "format (emf), or not (none).",
            .type = ChoiceType{.names = metrics_kinds},
            .set = set_metrics,
            .process_wide = true},
    Setting{.key = "discover_interval",
            .variable = "DISCOVER_INTERVAL",
            .description = "Seconds from one look for services to the next, where there is "
                           "`discover`.",
            .type = NumberType{.min = 5, .max = interval_max_s},
            .set = put<&ProcessSettings::discover_interval>,
            .process_wide = true},
    Setting{.key = "config_interval",
            .variable = "CONFIG_INTERVAL",
            .description = "Daemon: seconds from one look for changes of the configuration to the "
                           "next.",
            .type = NumberType{.min = 1, .max = interval_max_s},
            .set = put<&ProcessSettings::config_interval>,
            .process_wide = true},
    Setting{.key = "log_level",
            .variable = "LOG_LEVEL",
            .description = "The least important lines to log; in any case of letters.",
            .type = ChoiceType{.names = log_levels, .any_case = true},
            .set = set_log_level,
            .process_wide = true},
};

static_assert(setting_rows.size() <= settings_max);

}  // namespace

std::span<const Setting> setting_table() { return setting_rows; }

const Setting* find_setting(std::string_view key) {
    const auto found = std::ranges::find(setting_rows, key, &Setting::key);
    return found == setting_rows.end() ? nullptr : &*found;
}

}  // namespace fas::app
