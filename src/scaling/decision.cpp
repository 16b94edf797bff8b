#include "scaling/decision.h"

#include <fmt/format.h>

namespace fas::scaling {

namespace {

void hold(Decision& decision, std::string_view yet, std::string_view why) {
    decision.reason = fmt::format("no {} to {}{} ({}): {}",
                                  decision.action == Action::scale_in ? "scale-in" : "scale-out",
                                  decision.desired.value, yet, decision.reason, why);
    decision.action = Action::hold;
    decision.desired = decision.current;
}

}  // namespace

std::string_view to_string(Action action) {
    switch (action) {
        case Action::hold: return "hold";
        case Action::scale_out: return "scale_out";
        case Action::scale_in: return "scale_in";
    }
    return "hold";
}

std::optional<Action> parse_action(std::string_view text) {
    for (const Action action : {Action::hold, Action::scale_out, Action::scale_in}) {
        if (text == to_string(action)) return action;
    }
    return std::nullopt;
}

void hold_instead(Decision& decision, std::string_view why) { hold(decision, "", why); }

void hold_for_now(Decision& decision, std::string_view why) { hold(decision, " yet", why); }

}  // namespace fas::scaling
