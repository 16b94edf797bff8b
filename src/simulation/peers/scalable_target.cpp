#include "simulation/peers/scalable_target.h"

namespace fas::simulation {

namespace {

// Of an ECS service, for scale-out and scale-in, where a policy says nothing:
// https://docs.aws.amazon.com/autoscaling/application/APIReference/API_TargetTrackingScalingPolicyConfiguration.html
// https://docs.aws.amazon.com/autoscaling/application/APIReference/API_StepScalingPolicyConfiguration.html
constexpr Seconds cooldown{300};

bool cools_down(std::optional<Seconds> since, Seconds now) {
    return since && now - *since < cooldown;
}

}  // namespace

Tasks ScalableTarget::base(Tasks desired, Seconds now) const {
    return cools_down(scaled_out_, now) ? std::min(before_scale_out_, desired) : desired;
}

std::optional<Tasks> ScalableTarget::scale_out(Tasks wanted, Tasks desired, Seconds now) {
    const Tasks tasks = bounds_.clamp(wanted);
    if (tasks <= desired) return std::nullopt;
    before_scale_out_ = base(desired, now);
    scaled_out_ = now;
    scaled_in_.reset();
    return tasks;
}

std::optional<Tasks> ScalableTarget::scale_in(Tasks wanted, Tasks desired, Seconds now) {
    const Tasks tasks = bounds_.clamp(wanted);
    if (tasks >= desired || cools_down(scaled_in_, now)) return std::nullopt;
    scaled_in_ = now;
    return tasks;
}

}  // namespace fas::simulation
