#include "app/behavior_setting.h"

#include <fmt/format.h>

#include <array>

#include "app/nested_setting.h"

namespace fas::app {

namespace {

// The window and the period are limited as in the HPA, which also bounds what is remembered.
constexpr double window_max = 3600;
constexpr double period_min = 1;
constexpr double period_max = 1800;
constexpr std::int64_t value_max = 100'000;
constexpr std::size_t policies_max = 10;

constexpr std::array<std::string_view, 2> behavior_keys{"scale_out", "scale_in"};
constexpr std::array<std::string_view, 3> direction_keys{"stabilization_window", "policies",
                                                         "select_policy"};
constexpr std::array<std::string_view, 3> policy_keys{"type", "value", "period"};
// In the orders of RateType and SelectPolicy.
constexpr std::array<std::string_view, 2> rate_type_names{"tasks", "percent"};
constexpr std::array<std::string_view, 3> select_names{"max", "min", "disabled"};

scaling::RatePolicy read_policy(const json::Value& value, const std::string& place,
                                NestedReader& reader) {
    reader.expect_object(value, place, policy_keys);
    const auto type = reader.choice(value, place, "type", rate_type_names);
    const auto amount = reader.integer(value, place, "value", 1, value_max);
    const auto period = reader.number(value, place, "period", period_min, period_max);
    if (!type || !amount || !period) {
        reader.fail(place, "it needs a type, a value and a period");
        return {};
    }
    return {static_cast<scaling::RateType>(*type), *amount, Seconds{*period}};
}

scaling::DirectionBehavior read_direction(const json::Value& value, const std::string& place,
                                          NestedReader& reader) {
    scaling::DirectionBehavior direction;
    reader.expect_object(value, place, direction_keys);
    if (reader.failed()) return direction;
    direction.stabilization_window =
        Seconds{reader.number(value, place, "stabilization_window", 0, window_max).value_or(0)};
    if (const auto select = reader.choice(value, place, "select_policy", select_names)) {
        direction.select_policy = static_cast<scaling::SelectPolicy>(*select);
    }
    const auto list = value.find("policies");
    if (!list) return direction;
    const std::string list_place = place + ".policies";
    reader.expect_list(*list, list_place, policies_max);
    for (const json::Value& item : list->items()) {
        if (reader.failed()) break;
        const std::string item_place = fmt::format("{}[{}]", list_place, direction.policies.size());
        direction.policies.push_back(read_policy(item, item_place, reader));
    }
    return direction;
}

}  // namespace

std::optional<scaling::Behavior> read_behavior(const json::Value& value, std::string* problem) {
    NestedReader reader{problem};
    reader.expect_object(value, "behavior", behavior_keys);
    scaling::Behavior behavior;
    if (const auto out = value.find("scale_out"); out && !reader.failed()) {
        behavior.scale_out = read_direction(*out, "behavior.scale_out", reader);
    }
    if (const auto in = value.find("scale_in"); in && !reader.failed()) {
        behavior.scale_in = read_direction(*in, "behavior.scale_in", reader);
    }
    if (reader.failed()) return std::nullopt;
    return behavior;
}

}  // namespace fas::app
