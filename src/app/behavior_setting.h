// The setting `behavior`: {"scale_in": {"stabilization_window": 300, "policies": [{"type":
// "percent", "value": 10, "period": 60}], "select_policy": "max"}, "scale_out": {...}}.
#pragma once

#include <optional>
#include <string>

#include "json/reader.h"
#include "scaling/behavior.h"

namespace fas::app {

// Nothing when something is wrong with it, and what, with its place:
// "behavior.scale_in.policies[1].period: accepted is ...".
std::optional<scaling::Behavior> read_behavior(const json::Value& value, std::string* problem);

}  // namespace fas::app
