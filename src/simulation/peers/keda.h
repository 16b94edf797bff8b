// KEDA's aws-sqs-queue scaler, and the Kubernetes Horizontal Pod Autoscaler that it feeds, at their
// defaults; the tasks are its pods.
// https://keda.sh/docs/latest/scalers/aws-sqs/
// https://keda.sh/docs/latest/reference/scaledobject-spec/
// https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/
//
// KEDA polls, and takes the service from no task to one and, after its cooldown, back. All else is
// the HPA's, which reads the queue anew at each of its syncs, since KEDA keeps no metric unless
// useCachedMetrics says so.
#pragma once

#include <deque>
#include <optional>

#include "simulation/bounds.h"
#include "simulation/scaler.h"

namespace fas::simulation {

class Keda final : public Scaler {
  public:
    // queueLength: the messages, visible and in flight, that a task should have; above 0.
    Keda(double queue_length, Bounds bounds) : queue_length_(queue_length), bounds_(bounds) {}

    Seconds next_look() const override { return next_look_; }
    std::optional<Wish> look(const Sight& sight) override;

  private:
    struct Recommendation {
        Seconds at;
        Tasks tasks;
    };

    std::optional<Wish> poll(const Sight& sight);
    std::optional<Wish> sync(const Sight& sight);
    Tasks recommended(const Sight& sight) const;
    Tasks stabilised(Tasks wanted, const Sight& sight);

    double queue_length_;
    Bounds bounds_;
    Seconds next_look_{0};
    Seconds next_poll_{0};
    std::optional<Seconds> last_active_;
    std::deque<Recommendation> recommendations_;  // of the stabilization window
};

}  // namespace fas::simulation
