// The decision: how many tasks the service should have, and why. Pure: the same observation,
// history and time always give the same decision.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "scaling/history.h"
#include "scaling/observation.h"
#include "scaling/policy.h"
#include "scaling/rules.h"

namespace fas::scaling {

enum class Action { hold, scale_out, scale_in };

std::string_view to_string(Action action);  // "hold", "scale_out", "scale_in"

struct Decision {
    Action action = Action::hold;
    Tasks current;             // the service's desired count as observed
    Tasks desired;             // what it should be; `current` for a hold
    Messages backlog;          // what it was computed from; 0 when that is unknown
    std::string reason;        // one sentence with its numbers
    bool by_operator = false;  // the number is a person's: no cooldown applies

    // What the policy asked for within the bounds, before anything held it; absent where that is
    // unknown, or nobody asked the policy.
    std::optional<Tasks> wanted;
};

// What the policy, the rules and the service's own controls want before cooldowns. Only a decision
// that changes something needs the history, so a hold here spares reading it.
Decision recommend(const Policy& policy, const Rules& rules, const Observation& observation);

// The same with the cooldowns applied. A history that is unknown stops a scale-in, never a
// scale-out.
Decision apply_cooldown(Decision recommendation, const Rules& rules, const History& history,
                        TimePoint now);

// A scale-in to fewer tasks than are protected from one goes to their number, or is held; one is
// held, too, where nothing is known of them. For rules that respect_task_protection.
Decision apply_protection(Decision recommendation, std::optional<Tasks> protected_tasks);

// recommend() and apply_cooldown() in one.
Decision decide(const Policy& policy, const Rules& rules, const Observation& observation,
                const History& history, TimePoint now);

}  // namespace fas::scaling
