#include "app/nested_setting.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/setting_object.h"
#include "base/nearest_name.h"

namespace fas::app {

namespace {

std::string inside(std::string_view place, std::string_view key) {
    return fmt::format("{}.{}", place, key);
}

std::string listed(std::span<const std::string_view> names) {
    std::string text;
    for (const std::string_view name : names) {
        text += fmt::format("{}\"{}\"", text.empty() ? "" : ", ", name);
    }
    return text;
}

std::string hint(std::string_view given, std::span<const std::string_view> names) {
    const auto near = nearest_name(given, names);
    return near ? fmt::format("; did you mean \"{}\"?", *near) : "";
}

}  // namespace

void NestedReader::fail(std::string_view place, std::string_view why) {
    if (!failed()) *problem_ = fmt::format("{}: {}", place, why);
}

void NestedReader::expect_object(const json::Value& value, std::string_view place,
                                 std::span<const std::string_view> keys) {
    if (!value.is_object()) return fail(place, "accepted is an object");
    for (const json::Member& member : value.members()) {
        if (std::ranges::find(keys, member.key) != keys.end()) continue;
        const auto near = nearest_name(member.key, keys);
        return fail(inside(place, shown_key(member.key)),
                    near ? fmt::format("there is no such key; did you mean {}?", *near)
                         : fmt::format("there is no such key; there are {}", listed(keys)));
    }
    for (const std::string_view key : value.repeated_keys()) {
        fail(inside(place, key), "stands there more than once: keep one");
    }
}

void NestedReader::expect_list(const json::Value& value, std::string_view place,
                               std::size_t items_max) {
    if (value.is_array() && value.items().size() <= items_max) return;
    fail(place, fmt::format("accepted is a list of at most {} items", items_max));
}

std::optional<std::int64_t> NestedReader::integer(const json::Value& object, std::string_view place,
                                                  std::string_view key, std::int64_t min,
                                                  std::int64_t max) {
    const auto value = object.find(key);
    if (!value) return std::nullopt;
    const auto number = value->as_int();
    if (number && *number >= min && *number <= max) return number;
    fail(inside(place, key), fmt::format("accepted is an integer from {} to {}", min, max));
    return std::nullopt;
}

std::optional<double> NestedReader::number(const json::Value& object, std::string_view place,
                                           std::string_view key, double min, double max) {
    const auto value = object.find(key);
    if (!value) return std::nullopt;
    const auto number = value->as_double();
    if (number && *number >= min && *number <= max) return number;
    fail(inside(place, key), fmt::format("accepted is a number from {:g} to {:g}", min, max));
    return std::nullopt;
}

std::optional<bool> NestedReader::boolean(const json::Value& object, std::string_view place,
                                          std::string_view key) {
    const auto value = object.find(key);
    if (!value) return std::nullopt;
    if (!value->as_bool()) fail(inside(place, key), "accepted is true or false");
    return value->as_bool();
}

std::optional<std::string_view> NestedReader::text(const json::Value& object,
                                                   std::string_view place, std::string_view key) {
    const auto value = object.find(key);
    if (!value) return std::nullopt;
    if (!value->as_string()) fail(inside(place, key), "accepted is a text");
    return value->as_string();
}

std::optional<std::size_t> NestedReader::choice(const json::Value& object, std::string_view place,
                                                std::string_view key,
                                                std::span<const std::string_view> names) {
    const auto value = object.find(key);
    if (!value) return std::nullopt;
    const auto given = value->as_string();
    const auto found = given ? std::ranges::find(names, *given) : names.end();
    if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
    fail(inside(place, key),
         fmt::format("accepted is one of {}{}", listed(names), given ? hint(*given, names) : ""));
    return std::nullopt;
}

}  // namespace fas::app
