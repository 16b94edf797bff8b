// CloudWatch as a scaling policy knows it: a data point a minute, which is seen a minute late, and
// alarms that want so many of them in a row.
#pragma once

#include <algorithm>
#include <optional>
#include <utility>

#include "base/time.h"

namespace fas::simulation {

// SQS sends its metrics every minute, and that is how often AWS advises to publish a custom one:
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-using-sqs-queue.html
inline constexpr Seconds metric_period{60};

// A data point belongs to a minute, and is evaluated when that minute is over. That is less than
// AWS measured: with metrics of a minute, a scale-out began 363 s after the load (three data points
// are 180 s of them).
// https://aws.amazon.com/about-aws/whats-new/2026/06/amazon-ecs-faster-autoscaling/
class MinuteMetric {
  public:
    // Once a period. Gives what alarms see then, which is the data point before.
    std::optional<double> publish(double value) {
        return std::exchange(unseen_, std::optional{value});
    }

  private:
    std::optional<double> unseen_;
};

// While it is in alarm it acts at each evaluation, not just at the first:
// https://repost.aws/knowledge-center/autoscaling-policy-cloudwatch-alarm
class Alarm {
  public:
    // `wanted` out of `wanted` data points, at least one.
    explicit Alarm(int wanted) : wanted_(wanted) {}

    // One more data point. Whether it is in alarm.
    bool evaluate(bool breaches) {
        in_a_row_ = breaches ? std::min(in_a_row_ + 1, wanted_) : 0;
        return in_a_row_ == wanted_;
    }

  private:
    int wanted_;
    int in_a_row_ = 0;
};

}  // namespace fas::simulation
