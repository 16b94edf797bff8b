// Backlog per task: as many tasks as the messages need, at a fixed number of messages each. The
// count is absolute, so tasks that are still starting are never added twice.
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-using-sqs-queue.html
#pragma once

#include "scaling/policy.h"

namespace fas::scaling {

struct BacklogParameters {
    // Given directly, or as target latency / mean processing time.
    double target_messages_per_task = 5.0;
    double tolerance = 0.1;  // no change while the ratio to the target is this near to 1
    bool count_in_flight = true;

    bool operator==(const BacklogParameters&) const = default;
};

class BacklogPolicy final : public Policy {
  public:
    explicit BacklogPolicy(BacklogParameters parameters) : parameters_(parameters) {}
    Proposal propose(const Demand& demand, const ServiceState& service) const override;

  private:
    BacklogParameters parameters_;
};

}  // namespace fas::scaling
