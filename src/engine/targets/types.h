// The kinds of targets that there are.
#pragma once

#include <array>

#include "engine/target_type.h"

namespace fas::engine {

namespace targets {
extern const TargetType ecs;
extern const TargetType asg;
extern const TargetType lambda;
extern const TargetType application;
}  // namespace targets

// The first is the default.
inline constexpr std::array target_types = {
    &targets::ecs,
    &targets::asg,
    &targets::lambda,
    &targets::application,
};

}  // namespace fas::engine
