// What AWS Application Auto Scaling does alike for target tracking and for step scaling: the bounds
// and the cooldowns of an ECS service.
// https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html
// https://docs.aws.amazon.com/autoscaling/application/userguide/step-scaling-policy-overview.html
//
// A scale-out is never blocked: while an earlier one cools down, what it added counts as part of
// the new one, so that only a larger one adds anything. A scale-in waits until the last has cooled
// down; a scale-out ends that. Not documented: whether a larger scale-out cools down anew. Here it
// does, and what it is reckoned from stays what there was before the first.
#pragma once

#include <optional>

#include "base/time.h"
#include "simulation/bounds.h"

namespace fas::simulation {

class ScalableTarget {
  public:
    explicit ScalableTarget(Bounds bounds) : bounds_(bounds) {}

    // The capacity that a scale-out is reckoned from.
    Tasks base(Tasks desired, Seconds now) const;

    // The count to set; nothing where it would change nothing, or may not be yet.
    std::optional<Tasks> scale_out(Tasks wanted, Tasks desired, Seconds now);
    std::optional<Tasks> scale_in(Tasks wanted, Tasks desired, Seconds now);

  private:
    Bounds bounds_;
    Tasks before_scale_out_;  // of those that cool down, the first
    std::optional<Seconds> scaled_out_;
    std::optional<Seconds> scaled_in_;
};

}  // namespace fas::simulation
