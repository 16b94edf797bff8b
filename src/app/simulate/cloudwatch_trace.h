// What came into an SQS queue, by CloudWatch's account: its metrics of a minute.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
#pragma once

#include "app/plumbing.h"
#include "app/settings.h"
#include "app/simulate/found_trace.h"
#include "base/result.h"

namespace fas::app {

// The last `span`, up to the last whole minute that CloudWatch has had the time to complete, day by
// day, which it keeps for fifteen days in minutes. The mean processing time comes from it by
// Little's law, with how sure it is; what the service itself had of tasks, where Container
// Insights tells, is among the notes. Needs cloudwatch:GetMetricData. Errors: invalid, where the
// queue is none of SQS's or the span is too long; not_found, where nothing came; those of
// AwsAccounts::make and CloudWatchClient::metric_data.
Result<FoundTrace> read_cloudwatch_trace(const TargetSettings& settings, Seconds span,
                                         const std::string& profile, Plumbing& plumbing);

}  // namespace fas::app
