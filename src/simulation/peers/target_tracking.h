// AWS Application Auto Scaling's target tracking on the backlog per task, as AWS advises for SQS:
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-using-sqs-queue.html
// https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html
//
// The metric is the messages visible for each running task. Out: above the target for three data
// points, in proportion, rounded up. In: clearly below it for fifteen data points, in proportion,
// rounded so that rather too few go than too many.
//
// How far a scale-in goes is documented only as "more gradually": here one takes away a tenth of
// the tasks at the most, or one. Without that limit it goes to the minimum as soon as the queue is
// empty, and on real series does worse: longer waits, up to four times the work killed, and
// mostly at a higher cost. Nor is it said what the metric is while no task runs: here it is that of
// one task, since the policy could never start one otherwise.
#pragma once

#include "simulation/peers/cloudwatch.h"
#include "simulation/peers/scalable_target.h"
#include "simulation/scaler.h"

namespace fas::simulation {

class TargetTracking final : public Scaler {
  public:
    // The acceptable backlog per task, in messages, above 0.
    TargetTracking(double target, Bounds bounds);

    Seconds next_look() const override { return next_look_; }
    std::optional<Wish> look(const Sight& sight) override;

  private:
    std::optional<Wish> scale_out(double backlog, const Sight& sight);
    std::optional<Wish> scale_in(double backlog, const Sight& sight);

    double target_;
    ScalableTarget service_;
    MinuteMetric metric_;
    Alarm high_;
    Alarm low_;
    Seconds next_look_{0};
};

}  // namespace fas::simulation
