#include "app/read_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "app/setting_checks.h"
#include "app/setting_table.h"
#include "app/setting_value.h"
#include "base/environment.h"
#include "base/nearest_name.h"
#include "json/reader.h"

namespace fas::app {

namespace {

constexpr json::Limits file_limits{.bytes_max = 256UL * 1024};
// An event may carry much that is not ours. Lambda's own limit for one is 6 MB.
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
constexpr json::Limits event_limits{.bytes_max = 6UL * 1024 * 1024, .depth_max = 256};

constexpr std::string_view queue_config = "queue_config";
constexpr std::string_view queue_config_prefix = "queue_config.";

// An object of settings, and how its values are to be taken.
struct Layer {
    std::string where;
    bool is_event;  // as the original read it: text may stand for a number or a boolean, and null
                    // and empty text for nothing
};

// One spelling for min_tasks, MIN_TASKS, minTasks and min-tasks.
std::string squeezed(std::string_view name) {
    std::string result;
    for (const char c : name) {
        if (c == '_' || c == '-' || c == '.') continue;
        result += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return result;
}

std::string_view leaf(std::string_view key) { return key.substr(key.rfind('.') + 1); }

// The setting that an unknown key may stand for; empty when there is none.
std::string_view meant_by(std::string_view key) {
    const std::string squeezed_key = squeezed(key);
    const std::string squeezed_leaf = squeezed(leaf(key));
    std::vector<std::string_view> keys = {queue_config};
    for (const Setting& setting : setting_table()) {
        const bool same = squeezed_key == squeezed(setting.key) ||
                          squeezed_leaf == squeezed(leaf(setting.key)) ||
                          squeezed_leaf == squeezed(setting.variable);
        if (same) return setting.key;
        keys.push_back(setting.key);
    }
    return nearest_name(key, keys).value_or("");
}

// A key as it may be printed: like a value, without the quotation marks.
std::string shown_key(std::string_view key) {
    const std::string quoted = shown_text(key);
    return quoted.substr(1, quoted.size() - 2);
}

// The value is not repeated: an unknown key may be another program's password.
Problem unknown_key(std::string_view key, const Layer& layer) {
    std::string hint = "there is no such setting";
    if (key == "config" && !layer.is_event) {
        hint += ": a file holds the settings themselves, without config around them";
    } else if (const auto meant = meant_by(key); !meant.empty()) {
        hint += fmt::format("; did you mean {}?", meant);
        if (meant.starts_with(queue_config_prefix)) {
            hint +=
                fmt::format(R"( It is written {{"{}": {{"{}": ...}}}})", queue_config, leaf(meant));
        }
    }
    return {.key = shown_key(key), .where = layer.where, .hint = std::move(hint)};
}

Problem not_an_object(std::string_view key, const json::Value& value, const Layer& layer) {
    return {.key = std::string(key),
            .where = layer.where,
            .value = given_json(value, false, "").shown,
            .accepted = "an object"};
}

void add_repeated_keys(const json::Value& object, std::string_view prefix, const Layer& layer,
                       Draft& draft) {
    for (const std::string_view key : object.repeated_keys()) {
        draft.problems.push_back({.key = std::string(prefix) + shown_key(key),
                                  .where = layer.where,
                                  .hint = "stands there more than once: keep one"});
    }
}

void read_object(const json::Value& object, std::string_view prefix, const Layer& layer,
                 Draft& draft) {
    add_repeated_keys(object, prefix, layer, draft);
    for (const auto& [name, value] : object.members()) {
        const std::string key = std::string(prefix) + std::string(name);
        const Setting* setting = find_setting(key);
        // A top-level member "queue_config.queue_url" is not the one inside queue_config.
        const bool known = setting != nullptr && (!prefix.empty() || name == leaf(setting->key));
        const bool stands_for_nothing =
            layer.is_event && (value.is_null() || value.as_string() == "");

        if (known) {
            if (stands_for_nothing) continue;
            set(*setting, given_json(value, layer.is_event, layer.where), draft);
        } else if (prefix.empty() && name == queue_config) {
            if (value.is_object()) {
                read_object(value, queue_config_prefix, layer, draft);
            } else if (!stands_for_nothing) {
                draft.problems.push_back(not_an_object(key, value, layer));
            }
        } else if (prefix.empty() && name == "$schema" && !layer.is_event) {
            if (value.as_string()) continue;
            draft.problems.push_back({.key = key,
                                      .where = layer.where,
                                      .value = given_json(value, false, "").shown,
                                      .accepted = "the URL or path of the schema"});
        } else {
            draft.problems.push_back(unknown_key(key, layer));
        }
    }
}

std::optional<json::Document> parse_document(const Document& document, json::Limits limits,
                                             std::string_view accepted, Draft& draft) {
    auto parsed = json::parse(document.text, limits);
    if (parsed) return std::move(*parsed);
    draft.problems.push_back({.where = document.name,
                              .accepted = std::string(accepted),
                              .hint = parsed.error().message});
    return std::nullopt;
}

void read_file(const Document& file, Draft& draft) {
    constexpr std::string_view accepted = "one JSON object";
    const auto document = parse_document(file, file_limits, accepted, draft);
    if (!document) return;
    if (document->root().is_object()) {
        read_object(document->root(), "", {.where = file.name, .is_event = false}, draft);
        return;
    }
    draft.problems.push_back(
        {.where = file.name,
         .accepted = std::string(accepted),
         .hint = fmt::format("it holds one {}", document->root().type_name())});
}

// A scheduler's event need not have anything of ours: it changes nothing then.
void read_event(const Document& event, Draft& draft) {
    const auto document = parse_document(event, event_limits, "one JSON document", draft);
    if (!document) return;
    const json::Value root = document->root();
    const auto config = root.find("config");
    if (!config) return;

    const Layer layer{.where = event.name, .is_event = true};
    const auto repeated = root.repeated_keys();
    if (std::ranges::find(repeated, "config") != repeated.end()) {
        draft.problems.push_back({.key = "config",
                                  .where = layer.where,
                                  .hint = "stands there more than once: keep one"});
    }
    if (config->is_object()) {
        read_object(*config, "", layer, draft);
    } else {
        draft.problems.push_back(not_an_object("config", *config, layer));
    }
}

void read_environment(const Environment& environment, Draft& draft) {
    for (const Setting& setting : setting_table()) {
        for (const char* name : {setting.variable, setting.variable_fallback}) {
            const auto text = name != nullptr ? environment(name) : std::nullopt;
            if (!text || text->empty()) continue;
            set(setting, given_text(*text, fmt::format("environment variable {}", name)), draft);
            break;
        }
    }
}

// Asked even when a region is given: the profile must be there in any case.
void read_profile(const SettingsSources& sources, Draft& draft) {
    const std::string& profile = draft.settings.sso_profile;
    const auto region = sources.profile_region(profile);
    if (!region) {
        draft.problems.push_back(
            {.key = profile.empty() ? "" : "sso_profile",
             .where = profile.empty() ? "the shared AWS files" : draft.place("sso_profile"),
             .hint = region.error().message});
    } else if (*region && !draft.given("region")) {
        set(*find_setting("region"), given_text(**region, "region of the AWS profile"), draft);
    }
}

}  // namespace

std::string describe(const Problem& problem) {
    std::string line = problem.key;
    if (!problem.value.empty()) line += " = " + problem.value;
    if (problem.key.empty()) {
        line += problem.where;
    } else {
        line += problem.where.empty() ? " is missing" : " (" + problem.where + ")";
    }
    if (!problem.accepted.empty()) line += ": accepted is " + problem.accepted;
    if (!problem.hint.empty()) line += (problem.accepted.empty() ? ": " : "; ") + problem.hint;
    return line;
}

std::variant<Settings, std::vector<Problem>> read_settings(const SettingsSources& sources,
                                                           Purpose purpose) {
    Draft draft;
    if (sources.file) read_file(*sources.file, draft);
    read_environment(sources.environment, draft);
    if (sources.event) read_event(*sources.event, draft);
    if (purpose == Purpose::check && sources.profile_region) read_profile(sources, draft);
    check_settings(draft, purpose);
    if (!draft.problems.empty()) return std::move(draft.problems);
    return std::move(draft.settings);
}

}  // namespace fas::app
