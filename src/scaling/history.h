// The last scaling actions, which cooldowns are counted from.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "base/count.h"
#include "base/time.h"

namespace fas::scaling {

struct ScalingAction {
    TimePoint at;
    std::optional<Messages> backlog;  // what the decision was made on; older records lack it
    std::optional<Tasks> desired;     // what it set; older records lack it
};

struct Never {};  // known: there was no such action

struct Unknown {
    std::string why;  // for the operator
};

using LastAction = std::variant<Never, ScalingAction, Unknown>;

struct History {
    LastAction scale_out;
    LastAction scale_in;
};

}  // namespace fas::scaling
