// What a target's tags fast-autoscaler:pause and fast-autoscaler:hold_at say, by hand of an
// operator.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "clients/aws/control_tag.h"
#include "scaling/controls.h"

namespace fas::adapters {

inline scaling::Controls controls_of(const std::vector<clients::ControlTag>& tags) {
    std::optional<std::string_view> pause;
    std::optional<std::string_view> hold_at;
    for (const clients::ControlTag& tag : tags) {
        if (tag.key == "pause") pause = tag.value;
        if (tag.key == "hold_at") hold_at = tag.value;
    }
    return scaling::read_controls(pause, hold_at);
}

}  // namespace fas::adapters
