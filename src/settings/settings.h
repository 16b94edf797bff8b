// What the user configured, complete and checked: the result of reading the environment, a file
// and a Lambda event (read_settings.h). Plain values; nothing here does anything.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/queues/kinds.h"
#include "adapters/stores/kinds.h"
#include "adapters/targets/kinds.h"
#include "base/kind.h"
#include "base/log.h"
#include "base/name.h"
#include "base/time.h"
#include "scaling/backlog.h"
#include "scaling/behavior.h"
#include "scaling/combine.h"
#include "scaling/controls.h"
#include "scaling/fallback.h"
#include "scaling/rules.h"
#include "scaling/schedule.h"
#include "scaling/step.h"
#include "scaling/threshold.h"
#include "settings/problem.h"

namespace fas::settings {

enum class Metrics { none, emf };  // emf: CloudWatch's embedded metric format, on stdout
enum class PolicyType { threshold, backlog, step, schedule };

inline constexpr std::array policy_names{
    Name{"threshold", PolicyType::threshold}, Name{"backlog", PolicyType::backlog},
    Name{"step", PolicyType::step}, Name{"schedule", PolicyType::schedule}};

using scaling::tasks_max;

// Of the program as a whole.
struct ProcessSettings {
    std::string sso_profile;  // of the shared AWS files; empty: as AWS_PROFILE says
    LogLevel log_level = LogLevel::info;

    // Of a Lambda invocation: how many checks it makes, and how far apart they start.
    std::int64_t checks_per_invocation = 1;
    std::chrono::duration<double> check_interval{10};
    Metrics metrics = Metrics::emf;

    Seconds discover_interval{60};  // from one look for services to the next
    Seconds config_interval{15};    // from one look for a changed configuration to the next

    bool operator==(const ProcessSettings&) const = default;
};

struct QueueSettings {
    Options options{*adapters::queue_kinds.front()};
    double weight = 1;  // among several

    const adapters::QueueKind& type() const {
        return static_cast<const adapters::QueueKind&>(options.kind());
    }
    bool operator==(const QueueSettings&) const = default;
    // An order in which those that are read in the same way are equal.
    bool operator<(const QueueSettings& other) const { return options < other.options; }
};

// Of one target and its queue.
struct TargetSettings {
    std::string region = "us-east-1";

    std::vector<QueueSettings> queues = {{}};  // at least one
    scaling::Combine combine_queues = scaling::Combine::max;

    std::string cluster_name;  // of an ECS service
    std::string service_name;  // of an ECS service
    Options target_options{*adapters::target_kinds.front()};

    // Roles to assume; empty: none. The bucket is always reached with our own keys.
    std::string role_arn;            // for the queue and the service
    std::string external_id;         // that role_arn's trust policy asks for; empty: none
    std::string target_role_arn;     // for the service alone, in place of role_arn
    std::string target_external_id;  // goes with target_role_arn

    std::string s3_config_bucket;  // of S3
    Options state_options{*adapters::store_kinds.front()};

    PolicyType policy = PolicyType::threshold;
    scaling::ThresholdParameters threshold;
    scaling::BacklogParameters backlog;
    // In place of the backlog's messages per task, which are the one over the other.
    std::optional<Seconds> target_latency;
    std::optional<Seconds> mean_processing_time;
    scaling::StepParameters step;
    scaling::Rules rules;
    scaling::Schedule schedule;
    scaling::Behavior behavior;
    scaling::Fallback fallback;

    const adapters::TargetKind& target_type() const {
        return static_cast<const adapters::TargetKind&>(target_options.kind());
    }
    const adapters::StoreKind& store_type() const {
        return static_cast<const adapters::StoreKind&>(state_options.kind());
    }
    bool operator==(const TargetSettings&) const = default;
};

adapters::TargetDescription description_of(const TargetSettings& settings);

// What reports call a target, and its state is kept by.
adapters::TargetIdentity identity_of(const TargetSettings& settings);
std::string target_name(const TargetSettings& settings);  // "cluster/service"

// What reports and logs call a queue: of SQS its URL.
std::string queue_name(const QueueSettings& queue);

struct Draft;  // draft.h

// Services that are found by their tags (discovered_settings.h).
struct DiscoverySettings {
    TargetSettings defaults;             // for what a service's tags do not say
    std::vector<std::string> clusters;   // names or ARNs; empty: all of the account and region
    std::string where;                   // as Problem::where
    std::shared_ptr<const Draft> draft;  // that `defaults` were made from; never null once read

    // Whether the same services become the same targets.
    bool operator==(const DiscoverySettings& other) const;
};

// A target of a list that is not usable, and so not among the targets; or a discovery. What it says
// of its controls is to hold for it as it was before.
struct RefusedTarget {
    std::string name;       // "cluster/service"; empty where that cannot be told, or it is a group
    std::string discovery;  // as DiscoverySettings::where; empty: it is none
    scaling::Controls controls;
    std::vector<Problem> problems;  // none: those of its group

    bool operator==(const RefusedTarget&) const = default;
};

struct FleetSettings {
    ProcessSettings process;
    std::vector<TargetSettings> targets;
    std::vector<RefusedTarget> refused;
    std::vector<DiscoverySettings> discoveries;
    std::size_t groups = 0;  // that the targets were written in
    bool listed = false;     // by `targets` or `discover`; false: the one target of the top level

    bool operator==(const FleetSettings&) const = default;
};

}  // namespace fas::settings
