// The Fast Autoscaler that this program succeeds, at its defaults: a Lambda function of version
// 0.2.0, which a schedule of EventBridge starts, once a minute at the most:
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rate-expressions.html
//
// Its algorithm is kept with its defects: a scale-out adds to the desired count what the whole
// backlog makes, at every check and in no cooldown, so tasks that start are added again; counts are
// cut off, not rounded up; messages in flight count for nothing. That it read a queue's errors, and
// SQS as such, as 0 is not kept.
#pragma once

#include <optional>

#include "simulation/bounds.h"
#include "simulation/scaler.h"

namespace fas::simulation {

class Original final : public Scaler {
  public:
    // TASKS_PER_MESSAGE, above 0.
    Original(double tasks_per_message, Bounds bounds)
        : tasks_per_message_(tasks_per_message), bounds_(bounds) {}

    Seconds next_look() const override { return next_look_; }
    std::optional<Wish> look(const Sight& sight) override;

  private:
    double tasks_per_message_;
    Bounds bounds_;
    Seconds next_look_{0};
    std::optional<Seconds> last_action_;
};

}  // namespace fas::simulation
