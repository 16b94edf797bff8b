// AWS Application Auto Scaling's step scaling on the messages visible, with the steps that the AWS
// CDK gives a queue's Fargate service where its user names none:
// https://docs.aws.amazon.com/autoscaling/application/userguide/step-scaling-policy-overview.html
// https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_ecs_patterns.QueueProcessingFargateService.html
//
// A task more from 100 messages, five more from 500, a task less where there is none; each alarm
// wants one data point. The CDK's data points are of five minutes, unless its user says otherwise;
// here they are of one, as AWS advises. The CDK also scales on the CPU, which a queue does not
// have.
#pragma once

#include "simulation/peers/cloudwatch.h"
#include "simulation/peers/scalable_target.h"
#include "simulation/scaler.h"

namespace fas::simulation {

class StepScaling final : public Scaler {
  public:
    // From how many messages a task is added, above 0; from five times as many it is five.
    StepScaling(double threshold, Bounds bounds) : threshold_(threshold), service_(bounds) {}

    Seconds next_look() const override { return next_look_; }
    std::optional<Wish> look(const Sight& sight) override;

  private:
    double threshold_;
    ScalableTarget service_;
    MinuteMetric metric_;
    Seconds next_look_{0};
};

}  // namespace fas::simulation
