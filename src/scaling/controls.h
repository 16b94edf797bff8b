// What operators say of a service by hand: a pause, or a number of tasks to keep. Both come from
// the configuration (rules.h), and from tags of the service itself, which are read at each check,
// as are the switches that some targets have of their own.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/count.h"
#include "base/name.h"
#include "scaling/rules.h"

namespace fas::scaling {

struct Controls {
    std::optional<Pause> pause;
    std::optional<Tasks> hold_at;
    std::string not_understood;     // why a tag's value stands for pause all; empty: none does
    Pause suspended = Pause::none;  // by a switch of the target's own
    std::string suspended_by;       // which: "its process Launch is suspended"

    bool operator==(const Controls&) const = default;
};

inline constexpr std::array pause_names{Name{"none", Pause::none}, Name{"in", Pause::in},
                                        Name{"out", Pause::out}, Name{"all", Pause::all}};
constexpr std::string_view to_string(Pause pause) { return name_of(pause, pause_names); }

// none, in, out or all; nothing for any other text.
std::optional<Pause> parse_pause(std::string_view text);

// A whole number from 0 to 100000; nothing for any other text.
std::optional<Tasks> parse_hold_at(std::string_view text);

// From the values of the tags fast-autoscaler:pause and fast-autoscaler:hold_at; nothing for a tag
// that is not there. A value that is not understood is a pause of everything: whoever wrote it
// wanted something that would otherwise not happen.
Controls read_controls(std::optional<std::string_view> pause,
                       std::optional<std::string_view> hold_at);

// Pauses add up; a number to keep from the service's tag wins over the configuration's, up to
// max_tasks_by_tag.
Rules with_controls(Rules rules, const Controls& controls);

}  // namespace fas::scaling
