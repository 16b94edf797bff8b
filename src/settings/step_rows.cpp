// The setting `step`, of `policy: step`: {"threshold": 100, "adjustment_type": "ChangeInCapacity",
// "step_adjustments": [{"metric_interval_lower_bound": 0, "scaling_adjustment": 2}]}.
#include <array>

#include "scaling/step.h"
#include "settings/tables.h"

namespace fas::settings {

namespace {

using scaling::StepAdjustment;
using scaling::StepParameters;

constexpr Number bound{-messages_max, messages_max};
constexpr std::int64_t adjustment_max = 100'000;

constexpr std::array adjustment_rows{
    Row{"metric_interval_lower_bound", bound, field<&StepAdjustment::lower_bound>,
        "From how many messages above the threshold; without it from any below.", Need::absent,
        Mark::null_is_absent, Example{"0"}},
    Row{"metric_interval_upper_bound", bound, field<&StepAdjustment::upper_bound>,
        "To how many messages above the threshold; without it to any above.", Need::absent,
        Mark::null_is_absent, Example{"400"}},
    Row{"scaling_adjustment", Integer{-adjustment_max, adjustment_max},
        field<&StepAdjustment::adjustment>,
        "By how much the tasks change, as adjustment_type says.", Need::required, Example{"2"}},
};
constexpr Table adjustment_table = table_of<StepAdjustment>(adjustment_rows);

constexpr std::array step_rows{
    Row{"threshold", Number{0, messages_max}, field<&StepParameters::threshold>,
        "The messages from which the steps' bounds are counted.", Need::required, Example{"100"}},
    Row{"adjustment_type", Choice{scaling::adjustment_type_names}, field<&StepParameters::type>,
        "Whether a step says a number of tasks to add or take away, to have, or a percentage."},
    Row{"min_adjustment_magnitude", Integer{0, adjustment_max},
        field<&StepParameters::min_adjustment_magnitude>,
        "The fewest tasks that a percentage adds or takes away."},
    Row{"count_in_flight", Flag{}, field<&StepParameters::count_in_flight>,
        "Count the messages in flight too."},
    Row{"step_adjustments",
        list<&StepParameters::steps>(&adjustment_table, 1, scaling::step_adjustments_max), Field{},
        "The steps, in any order. They may not overlap, nor leave a gap.", Need::required},
};

std::optional<Clash> step_clash(const StepParameters& step) {
    std::string problem = scaling::step_problem(step);
    if (problem.empty()) return std::nullopt;
    return Clash{"step_adjustments", std::move(problem)};
}

}  // namespace

constexpr Table step_table = table_of<StepParameters, step_clash>(step_rows);

}  // namespace fas::settings
