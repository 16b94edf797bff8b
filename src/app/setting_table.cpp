#include "app/setting_table.h"

#include <algorithm>
#include <array>

#include "app/setting_text.h"

namespace fas::app {

namespace {

using enum scaling::CooldownOverride;

constexpr std::int64_t tasks_max = 100'000;
constexpr double messages_max = 1e12;
constexpr double ratio_max = 1e9;
constexpr double duration_max_s = 604'800;  // a week

constexpr std::array<std::string_view, 1> queue_types = {"sqs"};
constexpr std::array<std::string_view, 2> policies = {"threshold", "backlog"};
constexpr std::array<std::string_view, 3> overrides = {"larger_backlog", "always", "never"};
constexpr std::array<std::string_view, 6> log_levels = {"DEBUG",   "INFO",  "WARN",
                                                        "WARNING", "ERROR", "CRITICAL"};

LogLevel log_level_named(std::string_view name) {
    if (name == "DEBUG") return LogLevel::debug;
    if (name == "INFO") return LogLevel::info;
    if (name == "WARN" || name == "WARNING") return LogLevel::warning;
    return LogLevel::error;
}

scaling::CooldownOverride override_named(std::string_view name) {
    if (name == "always") return always;
    return name == "never" ? never : larger_backlog;
}

constexpr std::array settings = {
    // What to scale, on what.
    Setting{.key = "queue_type",
            .variable = "QUEUE_TYPE",
            .description = "The kind of queue.",
            .type = ChoiceType{.names = queue_types,
                               .set =
                                   [](Draft& d, std::string_view) {
                                       d.settings.queue_type = QueueType::sqs;
                                   }}},
    Setting{.key = "queue_config.queue_url",
            .variable = "SQS_QUEUE_URL",
            .description = "The queue's URL. An amazonaws.com URL must be of the region that "
                           "`region` names, and https.",
            .type = TextType{.accepted = "an absolute http or https URL with a host and a path, "
                                         "without user, query and fragment (https for AWS)",
                             .pattern = queue_url_pattern,
                             .valid = is_queue_url,
                             .set = [](Draft& d,
                                       std::string_view text) { d.settings.queue_url = text; }},
            .required = true,
            .queue = QueueType::sqs},
    Setting{.key = "cluster_name",
            .variable = "ECS_CLUSTER",
            .description = "The ECS cluster's name or ARN. It is part of the state's key in S3 as "
                           "it is written here.",
            .type = TextType{.accepted = "the name of an ECS cluster (letters, digits, - and _, at "
                                         "most 255) or its ARN",
                             .pattern = cluster_pattern,
                             .valid = is_cluster,
                             .set = [](Draft& d,
                                       std::string_view text) { d.settings.cluster_name = text; }},
            .required = true},
    Setting{.key = "service_name",
            .variable = "SERVICE_NAME",
            .description = "The ECS service's name or ARN. It is part of the state's key in S3 as "
                           "it is written here.",
            .type = TextType{.accepted = "the name of an ECS service (letters, digits, - and _, at "
                                         "most 255) or its ARN",
                             .pattern = service_pattern,
                             .valid = is_service,
                             .set = [](Draft& d,
                                       std::string_view text) { d.settings.service_name = text; }},
            .required = true},

    // How far and how often.
    Setting{.key = "min_tasks",
            .variable = "MIN_TASKS",
            .description = "The fewest tasks; 0 lets the service stop when the queue is empty.",
            .type = IntegerType{.max = tasks_max,
                                .set = [](Draft& d,
                                          std::int64_t n) { d.settings.rules.min_tasks = {n}; }}},
    Setting{.key = "max_tasks",
            .variable = "MAX_TASKS",
            .description = "The most tasks.",
            .type = IntegerType{.max = tasks_max,
                                .set = [](Draft& d,
                                          std::int64_t n) { d.settings.rules.max_tasks = {n}; }}},
    Setting{.key = "scale_out_cooldown",
            .variable = "SCALE_OUT_COOLDOWN",
            .description = "Seconds between two scale-outs; scale_out_override says what passes.",
            .type = NumberType{.max = duration_max_s,
                               .set =
                                   [](Draft& d, double s) {
                                       d.settings.rules.scale_out_cooldown = Seconds{s};
                                   }}},
    Setting{.key = "scale_in_cooldown",
            .variable = "SCALE_IN_COOLDOWN",
            .description = "Seconds from the last action, in or out, to a scale-in.",
            .type = NumberType{.max = duration_max_s,
                               .set =
                                   [](Draft& d, double s) {
                                       d.settings.rules.scale_in_cooldown = Seconds{s};
                                   }}},
    Setting{.key = "scale_out_override",
            .variable = "SCALE_OUT_OVERRIDE",
            .description = "Which scale-outs pass inside the scale-out cooldown: those for more "
                           "messages than the last one's, all, or none.",
            .type = ChoiceType{.names = overrides,
                               .set =
                                   [](Draft& d, std::string_view name) {
                                       d.settings.rules.scale_out_override = override_named(name);
                                   }}},
    Setting{.key = "activation_threshold",
            .variable = "ACTIVATION_THRESHOLD",
            .description = "With min_tasks 0: this many messages or fewer start no task.",
            .type = IntegerType{.max = static_cast<std::int64_t>(messages_max),
                                .set =
                                    [](Draft& d, std::int64_t n) {
                                        d.settings.rules.activation_threshold = {n};
                                    }}},
    Setting{.key = "in_flight_per_task",
            .variable = "IN_FLIGHT_PER_TASK",
            .description = "How many messages one task holds at a time. Where given, a scale-in "
                           "keeps enough tasks for the messages in flight.",
            .type = NumberType{.max = ratio_max,
                               .above_min = true,
                               .set = [](Draft& d,
                                         double n) { d.settings.rules.in_flight_per_task = n; }}},
    Setting{.key = "respect_operator_stop",
            .variable = "RESPECT_OPERATOR_STOP",
            .description = "Leave a service alone that stands at 0 tasks while min_tasks is above "
                           "0: a person stopped it.",
            .type = BooleanType{[](Draft& d, bool yes) {
                d.settings.rules.respect_operator_stop = yes;
            }}},

    // How many tasks for how many messages.
    Setting{.key = "policy",
            .variable = "POLICY",
            .description = "The algorithm: threshold is the original Fast Autoscaler's, backlog "
                           "keeps a number of messages per task.",
            .type = ChoiceType{.names = policies,
                               .set =
                                   [](Draft& d, std::string_view name) {
                                       d.settings.policy = name == "backlog"
                                                               ? PolicyType::backlog
                                                               : PolicyType::threshold;
                                   }}},
    Setting{
        .key = "scale_up_threshold",
        .variable = "SCALE_UP_THRESHOLD",
        .description = "Policy threshold: above this many messages, scale out.",
        .type = NumberType{.max = messages_max,
                           .set = [](Draft& d,
                                     double n) { d.settings.threshold.scale_up_threshold = n; }}},
    Setting{
        .key = "scale_down_threshold",
        .variable = "SCALE_DOWN_THRESHOLD",
        .description = "Policy threshold: below this many messages, scale in.",
        .type = NumberType{.max = messages_max,
                           .set = [](Draft& d,
                                     double n) { d.settings.threshold.scale_down_threshold = n; }}},
    Setting{
        .key = "tasks_per_message",
        .variable = "TASKS_PER_MESSAGE",
        .description = "Policy threshold: the tasks that one message asks for.",
        .type = NumberType{.max = ratio_max,
                           .set = [](Draft& d,
                                     double n) { d.settings.threshold.tasks_per_message = n; }}},
    Setting{.key = "max_scale_down_factor",
            .variable = "MAX_SCALE_DOWN_FACTOR",
            .description = "Policy threshold: the share of the tasks that one scale-in keeps. The "
                           "original's 0.99 takes 5.8 hours from 300 tasks to 10.",
            .type = NumberType{.max = 1,
                               .below_max = true,
                               .set =
                                   [](Draft& d, double n) {
                                       d.settings.threshold.max_scale_down_factor = n;
                                   }}},
    Setting{.key = "use_combined_messages",
            .variable = "USE_COMBINED_MESSAGES",
            .description = "Policy threshold: count the messages in flight too.",
            .type = BooleanType{[](Draft& d, bool yes) {
                d.settings.threshold.use_combined_messages = yes;
            }}},
    Setting{.key = "scaling_step_count",
            .variable = "SCALING_STEP_COUNT",
            .description = "Accepted and checked, but without effect, as in the original.",
            .type = IntegerType{.min = 1, .max = tasks_max, .set = [](Draft&, std::int64_t) {}}},
    Setting{.key = "target_messages_per_task",
            .variable = "TARGET_MESSAGES_PER_TASK",
            .description = "Policy backlog: how many waiting messages there may be for each task.",
            .type = NumberType{.max = ratio_max,
                               .above_min = true,
                               .set = [](Draft& d, double n) { d.target_messages_per_task = n; }}},
    Setting{.key = "target_latency",
            .variable = "TARGET_LATENCY",
            .description = "Policy backlog: seconds that a message may wait. Divided by "
                           "mean_processing_time it gives target_messages_per_task.",
            .type = NumberType{.max = duration_max_s,
                               .above_min = true,
                               .set = [](Draft& d, double s) { d.target_latency_s = s; }}},
    Setting{.key = "mean_processing_time",
            .variable = "MEAN_PROCESSING_TIME",
            .description = "Policy backlog: seconds that one task needs for one message. Goes with "
                           "target_latency.",
            .type = NumberType{.max = duration_max_s,
                               .above_min = true,
                               .set = [](Draft& d, double s) { d.mean_processing_time_s = s; }}},
    Setting{
        .key = "tolerance",
        .variable = "TOLERANCE",
        .description = "Policy backlog: no change while the messages per task are within this "
                       "share of the target.",
        .type = NumberType{.max = 1,
                           .set = [](Draft& d, double n) { d.settings.backlog.tolerance = n; }}},
    Setting{
        .key = "count_in_flight",
        .variable = "COUNT_IN_FLIGHT",
        .description = "Policy backlog: count the messages in flight too.",
        .type = BooleanType{[](Draft& d, bool yes) { d.settings.backlog.count_in_flight = yes; }}},

    // Where and how the autoscaler works.
    Setting{
        .key = "s3_config_bucket",
        .variable = "S3_CONFIG_BUCKET",
        .description = "The S3 bucket that keeps the last scaling actions.",
        .type = TextType{.accepted = "the name of an S3 bucket (3 to 63 of a-z, 0-9, - and .)",
                         .pattern = bucket_pattern,
                         .valid = is_bucket,
                         .set = [](Draft& d,
                                   std::string_view text) { d.settings.s3_config_bucket = text; }},
        .required = true},
    Setting{
        .key = "region",
        .variable = "AWS_REGION",
        .description = "The AWS region of queue, service and bucket.",
        .type = TextType{.accepted = "the name of an AWS region, such as eu-west-1",
                         .pattern = region_pattern,
                         .valid = is_region,
                         .set = [](Draft& d, std::string_view text) { d.settings.region = text; }},
        .variable_fallback = "AWS_DEFAULT_REGION"},
    Setting{.key = "sso_profile",
            .variable = "SSO_PROFILE",
            .description = "The original's profile for local runs. Profiles are not read yet: "
                           "export the profile's credentials to the environment.",
            .type = TextType{.accepted = "the name of a profile (letters, digits and . _ / + @ - "
                                         "and spaces, at most 128)",
                             .pattern = profile_pattern,
                             .valid = is_profile,
                             .set = [](Draft& d, std::string_view text) { d.sso_profile = text; }}},
    Setting{.key = "log_level",
            .variable = "LOG_LEVEL",
            .description = "The least important lines to log; in any case of letters.",
            .type = ChoiceType{.names = log_levels,
                               .any_case = true,
                               .set =
                                   [](Draft& d, std::string_view name) {
                                       d.settings.log_level = log_level_named(name);
                                   }}},
};

}  // namespace

std::span<const Setting> setting_table() { return settings; }

const Setting* find_setting(std::string_view key) {
    const auto found = std::ranges::find(settings, key, &Setting::key);
    return found == settings.end() ? nullptr : &*found;
}

std::string Draft::place(std::string_view key) const {
    const auto found = places.find(key);
    return found == places.end() ? "default" : found->second;
}

bool Draft::wrong(std::string_view key) const {
    return std::ranges::find(problems, key, &Problem::key) != problems.end();
}

}  // namespace fas::app
