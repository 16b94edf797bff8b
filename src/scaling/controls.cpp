#include "scaling/controls.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/excerpt.h"

namespace fas::scaling {

namespace {

constexpr std::size_t shown_value_bytes_max = 40;

Pause both(Pause one, Pause other) {
    if (one == Pause::none || one == other) return other;
    return other == Pause::none ? one : Pause::all;
}

std::string complaint(std::string_view tag, std::string_view value, std::string_view accepted) {
    return fmt::format(
        "the value of the service's tag fast-autoscaler:{} is not understood ({}); "
        "it must be {}",
        tag, excerpt(value, shown_value_bytes_max), accepted);
}

}  // namespace

std::optional<Pause> parse_pause(std::string_view text) {
    const auto found = std::ranges::find(pause_names, text, &Name::text);
    if (found == pause_names.end()) return std::nullopt;
    return static_cast<Pause>(*found->value);
}

std::optional<Tasks> parse_hold_at(std::string_view text) {
    std::int64_t number = 0;
    const char* end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, number);
    if (result.ec != std::errc{} || result.ptr != end || number < 0 || number > tasks_max) {
        return std::nullopt;
    }
    return Tasks{number};
}

Controls read_controls(std::optional<std::string_view> pause,
                       std::optional<std::string_view> hold_at) {
    Controls controls;
    if (hold_at) {
        controls.hold_at = parse_hold_at(*hold_at);
        if (!controls.hold_at) {
            controls.not_understood =
                complaint("hold_at", *hold_at, fmt::format("a number from 0 to {}", tasks_max));
        }
    }
    if (pause) {
        controls.pause = parse_pause(*pause);
        if (!controls.pause) {
            controls.not_understood = complaint("pause", *pause, "none, in, out or all");
        }
    }
    if (!controls.not_understood.empty()) controls.pause = Pause::all;
    return controls;
}

Rules with_controls(Rules rules, const Controls& controls) {
    rules.pause = both(rules.pause, controls.pause.value_or(Pause::none));
    rules.pause = both(rules.pause, controls.suspended);
    if (controls.hold_at) {
        rules.hold_at =
            std::min(*controls.hold_at, rules.max_tasks_by_tag.value_or(Tasks{tasks_max}));
    }
    return rules;
}

}  // namespace fas::scaling
