// The settings of each target, and of each of its queues.
#include <array>

#include "clients/aws/names.h"
#include "scaling/controls.h"
#include "settings/settings.h"
#include "settings/tables.h"

namespace fas::settings {

namespace {

using scaling::BacklogParameters;
using scaling::CooldownOverride;
using scaling::Fallback;
using scaling::Rules;
using scaling::ThresholdParameters;

constexpr double ratio_max = 1e9;

constexpr Text role_arn{{clients::role_arn_pattern, clients::is_role_arn},
                        "the ARN of an IAM role"};
constexpr Text external_id{{"A-Za-z0-9_+=,.@:/-", 2, 1224},
                           "2 to 1224 letters, digits and _ + = , . @ : / -"};

constexpr std::array combinations{Name{"max", scaling::Combine::max},
                                  Name{"sum", scaling::Combine::sum}};
constexpr std::array overrides{Name{"larger_backlog", CooldownOverride::larger_backlog},
                               Name{"always", CooldownOverride::always},
                               Name{"never", CooldownOverride::never}};
template <class Type, std::size_t size>
constexpr std::array<const Kind*, size> as_kinds(const std::array<const Type*, size>& types) {
    std::array<const Kind*, size> kinds{};
    for (std::size_t i = 0; i < size; ++i) kinds[i] = types[i];
    return kinds;
}
constexpr auto queue_kinds = as_kinds(adapters::queue_kinds);
constexpr auto target_kinds = as_kinds(adapters::target_kinds);
constexpr auto store_kinds = as_kinds(adapters::store_kinds);

template <auto... path>
constexpr auto options_at = [](void* owner) -> Options& { return member_at<path...>(owner); };
constexpr auto front_queue = [](void* owner) -> Options& {
    return static_cast<TargetSettings*>(owner)->queues.front().options;
};

template <auto member>
constexpr Field of_rules = field<&TargetSettings::rules, member>;
template <auto member>
constexpr Field of_threshold = field<&TargetSettings::threshold, member>;
template <auto member>
constexpr Field of_backlog = field<&TargetSettings::backlog, member>;
template <auto member>
constexpr Field of_fallback = field<&TargetSettings::fallback, member>;

constexpr std::array target_rows{
    // What to scale, on what.
    Row{"queue_type", KindName{queue_kinds, "queue_config", front_queue}, Field{},
        "The kind of queue.", Page{"sources.md"}},
    Row{"combine_queues", Choice{combinations}, field<&TargetSettings::combine_queues>,
        "How several queues become one: the fullest counts (max), or all of them together (sum); "
        "each times its weight.",
        Tag::yes, Page{"policies.md#several-queues"}},
    Row{"target_type",
        KindName{target_kinds, "target_config", options_at<&TargetSettings::target_options>},
        Field{}, "What is scaled.", Page{"targets.md"}},
    Row{"cluster_name",
        Text{{clients::cluster_pattern, clients::is_cluster},
             "the name of an ECS cluster (letters, digits, - and _, at most 255) or its ARN"},
        field<&TargetSettings::cluster_name>,
        "The ECS cluster's name or ARN. It is part of the state's key in S3 as it is written here.",
        NeededWith{"target_type"}, Variable{"ECS_CLUSTER"}, Example{"shop"}},
    Row{"service_name",
        Text{{clients::service_pattern, clients::is_service},
             "the name of an ECS service (letters, digits, - and _, at most 255) or its ARN"},
        field<&TargetSettings::service_name>,
        "The ECS service's name or ARN. It is part of the state's key in S3 as it is written here.",
        NeededWith{"target_type"}, Example{"worker"}},
    Row{"role_arn", role_arn, field<&TargetSettings::role_arn>,
        "The role to assume for queue and service, when both are in another account. The bucket "
        "is reached without it.",
        Need::absent, Page{"fleet.md#accounts-and-regions"},
        Example{"arn:aws:iam::123456789012:role/scaler"}},
    Row{"external_id", external_id, field<&TargetSettings::external_id>,
        "The external id that role_arn's trust policy asks for.", Need::absent, Example{"shop-42"}},
    Row{"target_role_arn", role_arn, field<&TargetSettings::target_role_arn>,
        "The role to assume for the ECS service, when it is in another account. Queue and bucket "
        "are reached without it; it wins over role_arn.",
        Need::absent, Example{"arn:aws:iam::123456789012:role/scaler"}},
    Row{"target_external_id", external_id, field<&TargetSettings::target_external_id>,
        "The external id that target_role_arn's trust policy asks for.", Need::absent,
        Example{"shop-42"}},

    // How far and how often.
    Row{"min_tasks", task_count, of_rules<&Rules::min_tasks>,
        "The fewest tasks; 0 lets the service stop when the queue is empty.", Tag::yes},
    Row{"max_tasks", task_count, of_rules<&Rules::max_tasks>, "The most tasks.", Tag::yes},
    Row{"max_tasks_by_tag", task_count, of_rules<&Rules::max_tasks_by_tag>,
        "The most tasks that a service's tags may ask for. Where it is not given, a service that "
        "is found by its tags has at most the max_tasks of the configuration.",
        Need::absent, Page{"fleet.md#finding-targets-by-tags"}, Example{"80"}},
    Row{"scale_out_cooldown", Number{0, duration_max_s}, of_rules<&Rules::scale_out_cooldown>,
        "Seconds between two scale-outs; scale_out_override says what passes.", Tag::yes},
    Row{"scale_in_cooldown", Number{0, duration_max_s}, of_rules<&Rules::scale_in_cooldown>,
        "Seconds from the last action, in or out, to a scale-in.", Tag::yes},
    Row{"scale_out_override", Choice{overrides}, of_rules<&Rules::scale_out_override>,
        "Which scale-outs pass inside the scale-out cooldown: those for more messages than the "
        "last one's, all, or none.",
        Tag::yes},
    Row{"scale_in_evidence", Number{0, duration_max_s}, of_rules<&Rules::scale_in_evidence>,
        "Seconds for which readings of the queue must want a scale-in until there is one; with 0 "
        "a single one will do.",
        Tag::yes, Page{"policies.md#evidence"}},
    Row{"activation_threshold", Integer{0, 1'000'000'000'000},
        of_rules<&Rules::activation_threshold>,
        "With min_tasks 0: this many messages or fewer start no task.", Tag::yes},
    Row{"in_flight_per_task", Number{.max = ratio_max, .above_min = true},
        of_rules<&Rules::in_flight_per_task>,
        "How many messages one task holds at a time. Where given, a scale-in keeps enough tasks "
        "for the messages in flight.",
        Need::absent, Tag::yes, Example{"10"}},
    Row{"respect_operator_stop", Flag{}, of_rules<&Rules::respect_operator_stop>,
        "Leave a service alone that stands at 0 tasks while min_tasks is above 0 and no recorded "
        "action set that: a person stopped it.",
        Tag::yes},
    Row{"respect_task_protection", Flag{}, of_rules<&Rules::respect_task_protection>,
        "No scale-in below the number of tasks that are protected from one.", Tag::yes,
        Page{"fleet.md#holding-a-service-still"}},
    Row{"pause", Choice{scaling::pause_names}, of_rules<&Rules::pause>,
        "What an operator stopped: scale-ins (in), scale-outs (out), both (all), or nothing.",
        Tag::control, Page{"fleet.md#holding-a-service-still"}},
    Row{"hold_at", task_count, of_rules<&Rules::hold_at>,
        "Keep exactly this many tasks, whatever the policy, the bounds and the cooldowns say.",
        Need::absent, Tag::control, Page{"fleet.md#holding-a-service-still"}, Example{"8"}},

    // How many tasks for how many messages.
    Row{"policy", Choice{policy_names}, field<&TargetSettings::policy>,
        "The algorithm: threshold is the original Fast Autoscaler's, backlog keeps a number of "
        "messages per task, step goes by steps, schedule by the time of day alone.",
        Tag::yes, Page{"policies.md"}},
    Row{"scale_up_threshold", Number{0, messages_max},
        of_threshold<&ThresholdParameters::scale_up_threshold>,
        "Policy threshold: above this many messages, scale out.", Tag::yes},
    Row{"scale_down_threshold", Number{0, messages_max},
        of_threshold<&ThresholdParameters::scale_down_threshold>,
        "Policy threshold: below this many messages, scale in.", Tag::yes},
    Row{"tasks_per_message", Number{0, ratio_max},
        of_threshold<&ThresholdParameters::tasks_per_message>,
        "Policy threshold: the tasks that one message asks for.", Tag::yes},
    Row{"max_scale_down_factor", Number{.max = 1, .below_max = true},
        of_threshold<&ThresholdParameters::max_scale_down_factor>,
        "Policy threshold: the share of the tasks that one scale-in keeps. The original's 0.99 "
        "takes 5.8 hours from 300 tasks to 10.",
        Tag::yes},
    Row{"use_combined_messages", Flag{}, of_threshold<&ThresholdParameters::use_combined_messages>,
        "Policy threshold: count the messages in flight too.", Tag::yes},
    Row{"scaling_step_count", Integer{1, tasks_max}, Field{},
        "Accepted and checked, but without effect, as in the original.", Tag::yes, Example{"5"}},
    Row{"target_messages_per_task", Number{.max = ratio_max, .above_min = true},
        of_backlog<&BacklogParameters::target_messages_per_task>,
        "Policy backlog: how many waiting messages there may be for each task.", Tag::yes},
    Row{"target_latency", Number{.max = duration_max_s, .above_min = true},
        field<&TargetSettings::target_latency>,
        "Policy backlog: seconds that a message may wait. Divided by mean_processing_time it "
        "gives target_messages_per_task.",
        Need::absent, Tag::yes, Example{"60"}},
    Row{"mean_processing_time", Number{.max = duration_max_s, .above_min = true},
        field<&TargetSettings::mean_processing_time>,
        "Policy backlog: seconds that one task needs for one message. Goes with target_latency.",
        Need::absent, Tag::yes, Example{"2.5"}},
    Row{"tolerance", Number{0, 1}, of_backlog<&BacklogParameters::tolerance>,
        "Policy backlog: no change while the messages per task are within this share of the "
        "target.",
        Tag::yes},
    Row{"count_in_flight", Flag{}, of_backlog<&BacklogParameters::count_in_flight>,
        "Policy backlog: count the messages in flight too.", Tag::yes},
    Row{"step", object<&TargetSettings::step>(&step_table), Field{},
        "Policy step: by how much the tasks change, by how far the messages are from a threshold.",
        Need::absent, Tag::yes, Page{"policies.md#step"},
        Example{R"({"threshold": 100, "step_adjustments": [)"
                R"({"metric_interval_lower_bound": 0, "scaling_adjustment": 2}]})"}},
    Row{"schedule",
        list<&TargetSettings::schedule>(&schedule_entry_table, 0, scaling::schedule_entries_max),
        Field{},
        "The fewest and the most tasks by the time of day, under every policy; policy schedule "
        "has nothing else.",
        Need::absent, Tag::yes, Page{"policies.md#schedule"},
        Example{R"([{"start": "0 8 * * MON-FRI", "min_tasks": 20}, )"
                R"({"start": "0 18 * * *", "min_tasks": 2}])"}},
    Row{"behavior", object<&TargetSettings::behavior>(&behavior_table), Field{},
        "How long to wait for a better time and how fast to go, as in the behavior of a "
        "Kubernetes HPA; under every policy.",
        Need::absent, Tag::yes, Page{"policies.md#behavior"},
        Example{R"({"scale_in": {"policies": [{"type": "percent", "value": 10, "period": 60}]}})"}},

    // What an unreadable queue means.
    Row{"queue_age_max", Number{.max = duration_max_s, .above_min = true},
        of_rules<&Rules::queue_age_max>,
        "Seconds: a reading that was measured longer ago counts as unknown. Some queues are "
        "measured by others, who say when.",
        Need::absent, Tag::yes, Example{"120"}},
    Row{"last_good_max_age", Number{0, duration_max_s}, of_fallback<&Fallback::last_good_max_age>,
        "Seconds for which the last good reading stands in for one that fails. It may scale out, "
        "never in.",
        Tag::yes, Page{"policies.md#fallback"}},
    Row{"fallback", Choice{scaling::fallback_names}, of_fallback<&Fallback::behavior>,
        "After failure_threshold failed readings in a row: leave everything (hold), go to "
        "fallback_tasks (static), or keep the present count (current), at least or at most "
        "fallback_tasks.",
        Tag::yes, Page{"policies.md#fallback"}},
    Row{"fallback_tasks", task_count, of_fallback<&Fallback::fallback_tasks>,
        "The number of tasks that fallback speaks of.", Tag::yes, Page{"policies.md#fallback"}},
    Row{"failure_threshold", Integer{0, 1000}, of_fallback<&Fallback::failure_threshold>,
        "How many failed readings in a row are borne before fallback has its say.", Tag::yes,
        Page{"policies.md#fallback"}},

    // Where and how the autoscaler works.
    Row{"state_type",
        KindName{store_kinds, "state_config", options_at<&TargetSettings::state_options>}, Field{},
        "Where the last scaling actions are kept.", Page{"stores.md"}},
    Row{"s3_config_bucket",
        Text{{clients::bucket_pattern, clients::is_bucket},
             "the name of an S3 bucket (3 to 63 of a-z, 0-9, - and .), and no directory bucket's"},
        field<&TargetSettings::s3_config_bucket>,
        "The S3 bucket that keeps the last scaling actions.", NeededWith{"state_type"},
        Example{"my-autoscaler-state"}},
    Row{"region",
        Text{{clients::region_pattern, clients::is_region},
             "the name of an AWS region, such as eu-west-1"},
        field<&TargetSettings::region>,
        "The AWS region of queue, service and bucket. Where it is not given, the profile's, else "
        "us-east-1.",
        Variable{"AWS_REGION", "AWS_DEFAULT_REGION"}, Example{"eu-west-1"}},
};

constexpr std::array queue_rows{
    Row{"queue_type", KindName{queue_kinds, "queue_config", options_at<&QueueSettings::options>},
        Field{}, "The kind of queue."},
    Row{"weight", Number{.max = 1e6, .above_min = true}, field<&QueueSettings::weight>,
        "What one of its messages counts for."},
};

}  // namespace

constexpr Table target_table = table_of<TargetSettings>(target_rows);
constexpr Table queue_table = table_of<QueueSettings>(queue_rows);

}  // namespace fas::settings
