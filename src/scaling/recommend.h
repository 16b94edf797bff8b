// The first half of a judgement (judge.h): what the policy, the bounds and people want.
#pragma once

#include "scaling/decision.h"
#include "scaling/observation.h"
#include "scaling/policy.h"
#include "scaling/rules.h"

namespace fas::scaling {

// Whether it has no task though min_tasks asks for one, and who wanted that counts.
bool seems_stopped(const Rules& rules, const ServiceState& service);

// What the policy, the rules and the service's own controls want, before what was done earlier
// counts: behaviour, cooldowns, protection.
Decision recommend(const Policy& policy, const Rules& rules, const Observation& observation);

}  // namespace fas::scaling
