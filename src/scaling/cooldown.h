// Cooldowns: what the last actions forbid now. Each function returns why the action must wait, for
// a person, or nothing when it may go ahead.
#pragma once

#include <string>

#include "scaling/decide.h"

namespace fas::scaling {

// Inside the scale-out cooldown a scale-out passes by rules.scale_out_override. An unknown history
// never stops it.
std::string scale_out_obstacle(const Decision& wanted, const Rules& rules, const History& history,
                               TimePoint now);

// A scale-in waits for the scale-in cooldown after the last action of either direction, and for as
// long as either is unknown.
std::string scale_in_obstacle(const Rules& rules, const History& history, TimePoint now);

}  // namespace fas::scaling
