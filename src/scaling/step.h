// Step scaling: how far the backlog is from a threshold says by how much the tasks change. AWS's
// step adjustments, with its rules and names.
// https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-step-scaling-policies.html
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/name.h"
#include "scaling/policy.h"

namespace fas::scaling {

enum class AdjustmentType {
    change_in_capacity,          // tasks to add, or to take away
    exact_capacity,              // tasks to have
    percent_change_in_capacity,  // of the tasks, to add or to take away
};

// AWS's names.
inline constexpr std::array adjustment_type_names{
    Name{"ChangeInCapacity", AdjustmentType::change_in_capacity},
    Name{"ExactCapacity", AdjustmentType::exact_capacity},
    Name{"PercentChangeInCapacity", AdjustmentType::percent_change_in_capacity}};

// Bounds are relative to the threshold; absent ones are infinite. At and above the threshold the
// lower bound belongs to the step, and below it the upper one.
struct StepAdjustment {
    std::optional<double> lower_bound;
    std::optional<double> upper_bound;
    std::int64_t adjustment = 0;

    bool operator==(const StepAdjustment&) const = default;
};

inline constexpr std::size_t step_adjustments_max = 20;  // AWS's own limit

struct StepParameters {
    double threshold = 100.0;  // messages
    AdjustmentType type = AdjustmentType::change_in_capacity;
    Tasks min_adjustment_magnitude{0};  // of a percentage; 0: none
    bool count_in_flight = true;
    std::vector<StepAdjustment> steps;  // in any order; step_problem() says what is wrong with them

    bool operator==(const StepParameters&) const = default;
};

// What a list of steps breaks of AWS's rules, for a person: none overlap, none leave a gap, and
// those beyond the threshold go on to infinity. Empty: nothing.
std::string step_problem(const StepParameters& parameters);

// A change is made to the tasks that work, so that what the last step added counts towards the
// next: one that asks for no more than is on its way adds nothing. In the same way a step that
// takes tasks away begins with those on their way out.
class StepPolicy final : public Policy {
  public:
    explicit StepPolicy(StepParameters parameters) : parameters_(std::move(parameters)) {}
    Proposal propose(const Demand& demand, const ServiceState& service) const override;

  private:
    StepParameters parameters_;
};

}  // namespace fas::scaling
