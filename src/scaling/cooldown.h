// Cooldowns: what the last actions forbid now.
#pragma once

#include "base/time.h"
#include "scaling/decision.h"
#include "scaling/history.h"
#include "scaling/rules.h"

namespace fas::scaling {

// Inside the scale-out cooldown a scale-out passes by rules.scale_out_override; an unknown history
// never stops it. A scale-in waits for the scale-in cooldown after the last action of either
// direction, and for as long as either is unknown. What a person said waits for nothing.
Decision apply_cooldown(Decision recommendation, const Rules& rules, const History& history,
                        TimePoint now);

}  // namespace fas::scaling
