// A check's figures for CloudWatch, without a call to it: a line on stdout in the embedded metric
// format, which Lambda's log stream turns into metrics.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
#pragma once

#include <string>
#include <string_view>

#include "engine/check_report.h"

namespace fas::app {

// One line, without its end. Namespace FastAutoscaler, dimensions ClusterName and ServiceName,
// which are the kind and the name of a target that is no ECS service. A figure that is unknown is
// not there: a metric without data says so, one of 0 would not.
std::string metrics_line(const engine::CheckReport& report, std::string_view cluster,
                         std::string_view service);

}  // namespace fas::app
