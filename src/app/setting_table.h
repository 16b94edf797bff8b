// The table of settings: each one stands here once, with its names, what is accepted, what it means
// and what it sets. read_settings.cpp reads by it; the published schema,
// schema/fast-autoscaler.schema.json, is tested against it.
// What one kind of queue, target or store has of its own is in its own table (base/option.h).
//
// To add a setting: a field in settings.h, an entry in setting_table.cpp, a property in the schema.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "app/kinds.h"
#include "app/read_settings.h"
#include "app/settings.h"
#include "base/option.h"
#include "json/reader.h"

namespace fas::app {

// Where a value stood, as Problem::where. Shared: an object's values all have the same.
using Place = std::shared_ptr<const std::string>;
inline Place place_of(std::string where) {
    return std::make_shared<const std::string>(std::move(where));
}

struct Setting;
inline constexpr std::size_t settings_max = 64;
inline constexpr std::size_t options_max = 32;  // of one kind

using ReadVariable = std::function<std::optional<std::string>(const char* name)>;

// Where the options of the present kind stood, by its table's order.
struct OptionNotes {
    std::vector<Place> places;         // null: not given
    std::bitset<options_max> refused;  // some value was not accepted
};

// One of several queues.
struct QueueNotes {
    Place where;
    OptionNotes options;
};

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

    const ReadVariable* environment = nullptr;  // null once everything has been read
    std::array<OptionNotes, parts_count> option_notes;
    std::vector<QueueNotes> several_queues;  // of each in `queues`; empty: there is one queue

    std::array<Place, settings_max> places;  // by the table's order; null: not given
    std::bitset<settings_max> refused;       // by the table's order: some value was not accepted
    std::string subject;                     // the place of the target itself; empty: the top level
    std::vector<Problem>* problems;

    const Kind& kind(Part part) const;
    const Options& options(Part part) const;
    Options& options(Part part);
    OptionNotes& notes(Part part) { return option_notes[static_cast<std::size_t>(part)]; }
    const OptionNotes& notes(Part part) const {
        return option_notes[static_cast<std::size_t>(part)];
    }
    // Empty for an option that was not given.
    std::string place(Part part, const Option& option) const;
    bool wrong(Part part, const Option& option) const;
    void set_kind(Part part, const Kind& kind);  // with none of its options given
    void note(Part part, const Option& option, Place place);
    void forget(Part part, const Option& option);

    bool given(std::string_view key) const;
    std::string place(std::string_view key) const;  // "default" for a key that was not set
    bool wrong(std::string_view key) const;         // some value of it was not accepted

    void note(const Setting& setting, Place place);  // that it was set there
    void forget(std::string_view key);               // as if it had not been given
    void refuse(Problem problem);
    void refuse(Part part, const Option& option, Problem problem);

  private:
    std::size_t number_of(Part part, const Option& option) const;
};

// One of a part's kinds (kinds.h). Choosing another than the present one begins its options anew.
struct KindType {
    Part part;
};

// A list or an object, which the environment gives as JSON text. `read` sets it, or says what is
// wrong where in it.
struct StructureType {
    std::string_view accepted;  // for a person
    bool (*read)(Draft& draft, const json::Value& value, std::string* problem) = nullptr;
};

using SettingType = std::variant<OptionType, KindType, StructureType>;

struct Setting {
    std::string_view key;  // in a file and an event
    const char* variable;
    std::string_view description;
    SettingType type;
    void (*set)(Draft& draft, const OptionValue& value) = nullptr;  // of an OptionType
    bool required = false;  // by a check; what is not required has a default or may be absent
    std::optional<Part> part = std::nullopt;  // required with that part's default kind only
    const char* variable_fallback = nullptr;  // looked at when `variable` is not set
    bool process_wide = false;                // of ProcessSettings: no target has its own
};

std::span<const Setting> setting_table();

// Nothing when there is no setting of that key.
const Setting* find_setting(std::string_view key);

}  // namespace fas::app
