#include "scaling/cooldown.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "base/quantity.h"

namespace fas::scaling {

namespace {

Seconds elapsed(const ScalingAction& action, TimePoint now) {
    return std::max(Seconds{0}, Seconds{now - action.at});
}

bool in_the_future(const ScalingAction& action, TimePoint now) {
    return action.at - now > clock_difference_max;
}

// Rounded up, so that "0 s left" is never said while it still holds.
std::string seconds_left(Seconds cooldown, Seconds passed) {
    return fmt::format("{:.0f} of {:g} s cooldown left", std::ceil((cooldown - passed).count()),
                       cooldown.count());
}

// Whether a scale-out passes inside the cooldown of the last one.
bool passes_early(const Decision& wanted, const Rules& rules, const ScalingAction& last) {
    switch (rules.scale_out_override) {
        case CooldownOverride::always: return true;
        case CooldownOverride::never: return false;
        case CooldownOverride::larger_backlog: break;
    }
    // The service has fewer tasks than the last scale-out asked for: that one never arrived, or
    // somebody undid it, so its capacity is not on the way.
    const bool not_in_force = last.desired && wanted.current < *last.desired;
    return not_in_force || (last.backlog && wanted.backlog > *last.backlog);
}

// A target may go on for seconds to say what it had before: a scale-out to less than the last one
// asked for would then take tasks away.
bool may_not_show_yet(const Decision& wanted, const ScalingAction& last, Seconds passed) {
    return last.desired && passed < settling_time && wanted.desired < *last.desired;
}

// Why the action must wait, for a person; nothing when it may go ahead.
std::string scale_out_obstacle(const Decision& wanted, const Rules& rules, const History& history,
                               TimePoint now) {
    const auto* last = std::get_if<ScalingAction>(&history.scale_out);
    if (last == nullptr || in_the_future(*last, now)) return {};
    const Seconds passed = elapsed(*last, now);
    if (may_not_show_yet(wanted, *last, passed)) {
        return fmt::format(
            "the last scale-out, to {}, was {:.0f} s ago, and what the target says "
            "of itself may be older",
            last->desired->value, passed.count());
    }
    if (passed >= rules.scale_out_cooldown) return {};
    if (wanted.desired <= rules.min_tasks) return {};  // below the minimum nothing waits
    if (passes_early(wanted, rules, *last)) return {};

    std::string comparison;
    if (last->backlog && rules.scale_out_override == CooldownOverride::larger_backlog) {
        comparison = fmt::format(" for {}, and {} {} not more", quantity(*last->backlog),
                                 wanted.backlog.value, is_or_are(wanted.backlog));
    }
    return fmt::format("the last scale-out was {:.0f} s ago{}; {}", passed.count(), comparison,
                       seconds_left(rules.scale_out_cooldown, passed));
}

std::string scale_in_obstacle(const Rules& rules, const History& history, TimePoint now) {
    std::string obstacle;
    Seconds longest_wait{0};
    const auto consider = [&](const LastAction& last, std::string_view name) {
        if (const auto* unknown = std::get_if<Unknown>(&last)) {
            obstacle = fmt::format(
                "the time of the last {} is unknown ({}), which blocks a "
                "scale-in",
                name, unknown->why);
            longest_wait = Seconds::max();
            return;
        }
        const auto* action = std::get_if<ScalingAction>(&last);
        if (action == nullptr) return;
        if (in_the_future(*action, now)) {
            obstacle = fmt::format(
                "the last {} is recorded at {}, which is in the future, and counts from when that "
                "was first seen; check the clocks or the state file",
                name, to_iso8601(action->at));
            longest_wait = Seconds::max();
            return;
        }
        const Seconds passed = elapsed(*action, now);
        const Seconds wait = rules.scale_in_cooldown - passed;
        if (wait <= longest_wait) return;
        obstacle = fmt::format("the last {} was {:.0f} s ago; {}", name, passed.count(),
                               seconds_left(rules.scale_in_cooldown, passed));
        longest_wait = wait;
    };
    consider(history.scale_out, "scale-out");
    consider(history.scale_in, "scale-in");
    return obstacle;
}

}  // namespace

Decision apply_cooldown(Decision recommendation, const Rules& rules, const History& history,
                        TimePoint now) {
    if (recommendation.by_operator || recommendation.action == Action::hold) return recommendation;
    const bool out = recommendation.action == Action::scale_out;
    const std::string obstacle = out ? scale_out_obstacle(recommendation, rules, history, now)
                                     : scale_in_obstacle(rules, history, now);
    if (!obstacle.empty()) hold_for_now(recommendation, obstacle);
    return recommendation;
}

}  // namespace fas::scaling
