// Cooldowns: what the last actions forbid now.
#pragma once

#include <chrono>

#include "base/time.h"
#include "scaling/decision.h"
#include "scaling/history.h"
#include "scaling/rules.h"

namespace fas::scaling {

// For how long after a change a target may still say what it had before: the answers of
// DescribeServices are eventually consistent.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html
inline constexpr std::chrono::seconds settling_time{10};

// Inside the scale-out cooldown a scale-out passes by rules.scale_out_override; an unknown history
// never stops it. A scale-in waits for the scale-in cooldown after the last action of either
// direction, and for as long as either is unknown. What a person said waits for nothing.
Decision apply_cooldown(Decision recommendation, const Rules& rules, const History& history,
                        TimePoint now);

}  // namespace fas::scaling
