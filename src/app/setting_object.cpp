#include "app/setting_object.h"

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "app/setting_value.h"
#include "base/nearest_name.h"

namespace fas::app {

namespace {

constexpr std::string_view queue_config = "queue_config";
constexpr std::string_view queue_config_prefix = "queue_config.";

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
    std::vector<std::string_view> keys = {queue_config, "targets", "discover"};
    for (const Setting& setting : setting_table()) {
        const bool same = squeezed_key == squeezed(setting.key) ||
                          squeezed_leaf == squeezed(leaf(setting.key)) ||
                          squeezed_leaf == squeezed(setting.variable);
        if (same) return setting.key;
        keys.push_back(setting.key);
    }
    return nearest_name(key, keys).value_or("");
}

// The value is not repeated: an unknown key may be another program's password.
Problem unknown_key(std::string_view key, const Layer& layer) {
    std::string hint = hint_for_unknown(key);
    if (key == "config" && !layer.is_event) {
        hint =
            "there is no such setting: a file holds the settings themselves, without config around "
            "them";
    } else if (key == "discover") {
        hint = "it stands at the top, not in a target or group";
    }
    return {.key = shown_key(key), .where = *layer.where, .hint = std::move(hint)};
}

void add_repeated_keys(const json::Value& object, std::string_view prefix, const Layer& layer,
                       Draft& draft) {
    for (const std::string_view key : object.repeated_keys()) {
        draft.refuse({.key = std::string(prefix) + shown_key(key),
                      .where = *layer.where,
                      .hint = "stands there more than once: keep one"});
    }
}

bool stands_for_nothing(const json::Value& value, const Layer& layer) {
    return layer.is_event && (value.is_null() || value.as_string() == "");
}

// A target's own way to say the messages per task takes the place of its group's other way.
void forget_other_way(const Setting& setting, const Layer& layer, Draft& draft) {
    if (layer.kind == ObjectKind::top) return;
    const auto forget_inherited = [&](std::string_view key) {
        if (draft.place(key) != *layer.where) draft.forget(key);
    };
    if (setting.key == "target_messages_per_task") {
        forget_inherited("target_latency");
        forget_inherited("mean_processing_time");
    } else if (setting.key == "target_latency" || setting.key == "mean_processing_time") {
        forget_inherited("target_messages_per_task");
    }
}

void read_setting(const Setting& setting, const json::Value& value, const Layer& layer,
                  Draft& draft) {
    if (stands_for_nothing(value, layer)) return;
    if (setting.process_wide && layer.kind != ObjectKind::top) {
        draft.refuse({.key = std::string(setting.key),
                      .where = *layer.where,
                      .hint = "it holds for the whole process: write it at the top"});
        return;
    }
    forget_other_way(setting, layer, draft);
    set(setting, given_json(value, layer.is_event, layer.where), draft);
}

void read_queue_config(const json::Value& object, const Layer& layer, Draft& draft) {
    if (!object.is_object()) {
        if (stands_for_nothing(object, layer)) return;
        draft.refuse(not_accepted(queue_config, object, layer, "an object"));
        return;
    }
    add_repeated_keys(object, queue_config_prefix, layer, draft);
    for (const auto& [name, value] : object.members()) {
        const std::string key = std::string(queue_config_prefix) + std::string(name);
        if (const Setting* setting = find_setting(key)) {
            read_setting(*setting, value, layer, draft);
        } else {
            draft.refuse(unknown_key(key, layer));
        }
    }
}

// Whether it is a member that the caller reads.
bool keep_list(std::string_view name, const json::Value& value, const Layer& layer,
               ObjectLists& lists) {
    std::optional<json::Value>* list = nullptr;
    if (name == "targets" && layer.kind != ObjectKind::discovery) list = &lists.targets;
    if (name == "discover" && layer.kind == ObjectKind::top) list = &lists.discover;
    if (name == "clusters" && layer.kind == ObjectKind::discovery) list = &lists.clusters;
    if (list == nullptr) return false;
    if (!stands_for_nothing(value, layer)) *list = value;
    return true;
}

void read_schema_name(const json::Value& value, const Layer& layer, Draft& draft) {
    if (value.as_string()) return;
    draft.refuse(not_accepted("$schema", value, layer, "the URL or path of the schema"));
}

}  // namespace

Problem not_accepted(std::string_view key, const json::Value& value, const Layer& layer,
                     std::string_view accepted) {
    return {.key = std::string(key),
            .where = *layer.where,
            .value = given_json(value, false, nullptr).shown,
            .accepted = std::string(accepted)};
}

std::string hint_for_unknown(std::string_view key) {
    std::string hint = "there is no such setting";
    if (const auto meant = meant_by(key); !meant.empty()) {
        hint += fmt::format("; did you mean {}?", meant);
        if (meant.starts_with(queue_config_prefix)) {
            hint +=
                fmt::format(R"( It is written {{"{}": {{"{}": ...}}}})", queue_config, leaf(meant));
        }
    }
    return hint;
}

std::string shown_key(std::string_view key) {
    const std::string quoted = shown_text(key);
    return quoted.substr(1, quoted.size() - 2);
}

ObjectLists read_object(const json::Value& object, const Layer& layer, Draft& draft) {
    ObjectLists lists;
    add_repeated_keys(object, "", layer, draft);
    for (const auto& [name, value] : object.members()) {
        const Setting* setting = find_setting(name);
        // A top-level member "queue_config.queue_url" is not the one inside queue_config.
        if (setting != nullptr && name == leaf(setting->key)) {
            read_setting(*setting, value, layer, draft);
        } else if (name == queue_config) {
            read_queue_config(value, layer, draft);
        } else if (name == "$schema" && !layer.is_event && layer.kind == ObjectKind::top) {
            read_schema_name(value, layer, draft);
        } else if (!keep_list(name, value, layer, lists)) {
            draft.refuse(unknown_key(name, layer));
        }
    }
    return lists;
}

}  // namespace fas::app
