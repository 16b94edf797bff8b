// The first half of a judgement (judge.h): what the policy, the bounds and people want.
#pragma once

#include "scaling/decision.h"
#include "scaling/observation.h"
#include "scaling/policy.h"
#include "scaling/rules.h"

namespace fas::scaling {

// What the policy, the rules and the service's own controls want, before what was done earlier
// counts: behaviour, cooldowns, protection.
Decision recommend(const Policy& policy, const Rules& rules, const Observation& observation);

}  // namespace fas::scaling
