// The setting `step`, of `policy: step`: {"threshold": 100, "adjustment_type": "ChangeInCapacity",
// "step_adjustments": [{"metric_interval_lower_bound": 0, "scaling_adjustment": 2}]}.
#pragma once

#include <optional>
#include <string>

#include "json/reader.h"
#include "scaling/step.h"

namespace fas::app {

// Nothing when something is wrong with it, and what, with its place:
// "step.step_adjustments[1].scaling_adjustment: accepted is ...".
std::optional<scaling::StepParameters> read_step(const json::Value& value, std::string* problem);

}  // namespace fas::app
