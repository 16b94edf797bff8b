// The table of settings: each one stands here once, with its names, what is accepted, what it means
// and what it sets. read_settings.cpp reads by it; the published schema,
// schema/fast-autoscaler.schema.json, is tested against it.
//
// To add a setting: a field in settings.h, an entry in setting_table.cpp, a property in the schema.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "app/read_settings.h"
#include "app/settings.h"

namespace fas::app {

// Where a value stood, as Problem::where. Shared: an object's values all have the same.
using Place = std::shared_ptr<const std::string>;
inline Place place_of(std::string where) {
    return std::make_shared<const std::string>(std::move(where));
}

struct Setting;
inline constexpr std::size_t settings_max = 64;

// Settings while they are being read. A target's begin as a copy of its group's, so a copy is
// cheap: it keeps no map, and all copies add to one list of problems.
struct Draft {
    explicit Draft(std::vector<Problem>* all_problems) : problems(all_problems) {}

    ProcessSettings process;
    TargetSettings target;

    // Given, but no field of the settings: setting_checks.cpp computes from them.
    std::optional<double> target_messages_per_task;
    std::optional<double> target_latency_s;
    std::optional<double> mean_processing_time_s;

    std::array<Place, settings_max> places;  // by the table's order; null: not given
    std::bitset<settings_max> refused;       // by the table's order: some value was not accepted
    std::string subject;                     // the place of the target itself; empty: the top level
    std::vector<Problem>* problems;

    bool given(std::string_view key) const;
    std::string place(std::string_view key) const;  // "default" for a key that was not set
    bool wrong(std::string_view key) const;         // some value of it was not accepted

    void note(const Setting& setting, Place place);  // that it was set there
    void forget(std::string_view key);               // as if it had not been given
    void refuse(Problem problem);
};

struct IntegerType {
    std::int64_t min = 0;
    std::int64_t max = 0;
    void (*set)(Draft& draft, std::int64_t value) = nullptr;
};

struct NumberType {
    double min = 0;
    double max = 0;
    bool above_min = false;  // min itself is not accepted
    bool below_max = false;  // max itself is not accepted
    void (*set)(Draft& draft, double value) = nullptr;
};

struct BooleanType {
    void (*set)(Draft& draft, bool value) = nullptr;
};

struct ChoiceType {
    std::span<const std::string_view> names;
    bool any_case = false;
    void (*set)(Draft& draft, std::string_view name) = nullptr;  // one of names, spelt as there
};

struct TextType {
    std::string_view accepted;                       // for a person
    std::string_view pattern;                        // for the schema; ECMAScript
    bool (*valid)(std::string_view text) = nullptr;  // the same as the pattern, without its engine
    void (*set)(Draft& draft, std::string_view text) = nullptr;
};

using SettingType = std::variant<IntegerType, NumberType, BooleanType, ChoiceType, TextType>;

struct Setting {
    std::string_view key;  // in a file and an event; "queue_config.NAME" is NAME in queue_config
    const char* variable;
    std::string_view description;
    SettingType type;
    bool required = false;  // by a check; what is not required has a default or may be absent
    std::optional<QueueType> queue;           // required with this queue_type only
    const char* variable_fallback = nullptr;  // looked at when `variable` is not set
    bool process_wide = false;                // of ProcessSettings: no target has its own
};

std::span<const Setting> setting_table();

// Nothing when there is no setting of that key.
const Setting* find_setting(std::string_view key);

}  // namespace fas::app
