// The kinds of targets that there are.
#pragma once

#include <array>

#include "engine/target_type.h"

namespace fas::engine {

namespace targets {
extern const TargetType ecs;
}

// The first is the default.
inline constexpr std::array target_types = {
    &targets::ecs,
};

}  // namespace fas::engine
