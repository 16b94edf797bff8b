// What the user configured, complete and checked: the result of reading the environment, a file
// and a Lambda event (read_settings.h). Plain values; nothing here does anything.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/log.h"
#include "base/time.h"
#include "scaling/backlog.h"
#include "scaling/rules.h"
#include "scaling/threshold.h"

namespace fas::app {

enum class QueueType { sqs };
enum class Metrics { none, emf };  // emf: CloudWatch's embedded metric format, on stdout
enum class PolicyType { threshold, backlog };

struct Settings {
    std::string region = "us-east-1";
    std::string sso_profile;  // of the shared AWS files; empty: as AWS_PROFILE says
    LogLevel log_level = LogLevel::info;

    QueueType queue_type = QueueType::sqs;
    std::string queue_url;

    std::string cluster_name;
    std::string service_name;
    std::string target_role_arn;     // to assume for the service; empty: it is in our account
    std::string target_external_id;  // empty: none

    std::string s3_config_bucket;

    // Of a Lambda invocation: how many checks it makes, and how far apart they start.
    std::int64_t checks_per_invocation = 1;
    std::chrono::duration<double> check_interval{10};
    Metrics metrics = Metrics::emf;

    PolicyType policy = PolicyType::threshold;
    scaling::ThresholdParameters threshold;
    scaling::BacklogParameters backlog;
    scaling::Rules rules;

    bool operator==(const Settings&) const = default;
};

}  // namespace fas::app
