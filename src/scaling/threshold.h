// The original Fast Autoscaler's algorithm, with its parameters' names and its defects mended:
// tasks to add are rounded up and added to those running, so that tasks still starting are not
// added again; messages in flight hold off a scale-in whether or not they count for a scale-out.
#pragma once

#include "scaling/policy.h"

namespace fas::scaling {

struct ThresholdParameters {
    double scale_up_threshold = 100.0;   // messages; above: scale out
    double scale_down_threshold = 99.0;  // messages; below: scale in
    double tasks_per_message = 0.01;
    // The share of the tasks that one scale-in keeps, 0 to below 1. The original's 0.99 needs
    // 5.8 hours from 300 tasks to 10.
    double max_scale_down_factor = 0.5;
    bool use_combined_messages = false;  // count messages in flight for a scale-out too

    bool operator==(const ThresholdParameters&) const = default;
};

class ThresholdPolicy final : public Policy {
  public:
    explicit ThresholdPolicy(ThresholdParameters parameters) : parameters_(parameters) {}
    Proposal propose(const Demand& demand, const ServiceState& service) const override;

  private:
    ThresholdParameters parameters_;
};

}  // namespace fas::scaling
