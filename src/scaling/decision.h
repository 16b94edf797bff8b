// What came of a check: how many tasks the service should have, and why.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/count.h"
#include "base/name.h"

namespace fas::scaling {

enum class Action { hold, scale_out, scale_in };

inline constexpr std::array action_names{Name{"hold", Action::hold},
                                         Name{"scale_out", Action::scale_out},
                                         Name{"scale_in", Action::scale_in}};
constexpr std::string_view to_string(Action action) { return name_of(action, action_names); }

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

// What is left of a decision that must not be made, or must not be made yet, and why.
void hold_instead(Decision& decision, std::string_view why);
void hold_for_now(Decision& decision, std::string_view why);

}  // namespace fas::scaling
