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

void hold_instead(Decision& decision, std::string_view why) { hold(decision, "", why); }

void hold_for_now(Decision& decision, std::string_view why) { hold(decision, " yet", why); }

}  // namespace fas::scaling
