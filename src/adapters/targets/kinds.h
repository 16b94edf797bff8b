// The kinds of targets that there are.
#pragma once

#include <array>

#include "adapters/targets/target_kind.h"

namespace fas::adapters {

namespace targets {
extern const TargetKind ecs;
extern const TargetKind asg;
extern const TargetKind lambda;
extern const TargetKind application;
}  // namespace targets

// The first is the default.
inline constexpr std::array target_kinds = {
    &targets::ecs,
    &targets::asg,
    &targets::lambda,
    &targets::application,
};

}  // namespace fas::adapters
