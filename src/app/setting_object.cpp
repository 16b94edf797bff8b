#include "app/setting_object.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "app/setting_value.h"
#include "base/ascii.h"
#include "base/nearest_name.h"

namespace fas::app {

namespace {

// One spelling for min_tasks, MIN_TASKS, minTasks and min-tasks.
std::string squeezed(std::string_view name) {
    std::string result;
    for (const char c : name) {
        if (c == '_' || c == '-' || c == '.') continue;
        result += to_lower(c);
    }
    return result;
}

std::string_view leaf(std::string_view key) { return key.substr(key.rfind('.') + 1); }

// "did you mean queue_config.queue_url? It is written {"queue_config": {"queue_url": ...}}"
std::string way_to_write(const PartKeys& keys, const Kind& kind, const Option& option) {
    const std::string of_kind =
        kind.number == 0 ? "" : fmt::format(R"( of {} "{}")", keys.type, kind.name);
    return fmt::format(R"(did you mean {}.{}{}? It is written {{"{}": {{"{}": ...}}}})",
                       keys.config, option.key, of_kind, keys.config, option.key);
}

// An option that an unknown key may stand for, of whatever kind; empty when there is none.
std::string option_meant_by(std::string_view key) {
    const std::string squeezed_leaf = squeezed(leaf(key));
    for (const PartKeys& keys : part_keys) {
        for (const Kind& kind : kinds_of(keys.part)) {
            for (const Option& option : kind.options) {
                const bool same = squeezed_leaf == squeezed(option.key) ||
                                  squeezed_leaf == squeezed(option.variable);
                if (same) return way_to_write(keys, kind, option);
            }
        }
    }
    return {};
}

// The setting that an unknown key may stand for; empty when there is none.
std::string setting_meant_by(std::string_view key) {
    const std::string squeezed_key = squeezed(key);
    std::vector<std::string_view> names = {"targets", "discover", "queues"};
    for (const PartKeys& keys : part_keys) names.push_back(keys.config);
    for (const Setting& setting : setting_table()) {
        const bool same =
            squeezed_key == squeezed(setting.key) || squeezed_key == squeezed(setting.variable);
        if (same) return fmt::format("did you mean {}?", setting.key);
        names.push_back(setting.key);
    }
    if (std::string option = option_meant_by(key); !option.empty()) return option;
    const auto near = nearest_name(key, names);
    return near ? fmt::format("did you mean {}?", *near) : "";
}

// The value is not repeated: an unknown key may be another program's password.
Problem unknown_key(std::string_view key, const Layer& layer) {
    std::string hint = hint_for_unknown(key);
    if (key == "config" && !layer.is_event) {
        hint =
            "there is no such setting: a file holds the settings themselves, without config around "
            "them";
    } else if (key == "queues") {
        hint = "what is discovered brings its own queue: it stands in a target";
    } else if (key == "discover") {
        hint = "it stands at the top, not in a target or group";
    }
    return {.key = shown_key(key), .where = *layer.where, .hint = std::move(hint)};
}

void add_repeated_keys(const json::Value& object, const std::string& prefix, const Layer& layer,
                       Draft& draft) {
    for (const std::string_view key : object.repeated_keys()) {
        draft.refuse({.key = prefix + shown_key(key),
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

std::string no_such_option(const PartKeys& keys, const Kind& kind, std::string_view key) {
    std::vector<std::string_view> names;
    for (const Option& option : kind.options) names.push_back(option.key);
    const auto near = nearest_name(squeezed(key), names);
    if (near)
        return fmt::format("there is no such setting; did you mean {}.{}?", keys.config, *near);
    for (const Kind& other : kinds_of(keys.part)) {
        if (std::ranges::find(other.options, key, &Option::key) == other.options.end()) continue;
        return fmt::format(R"({} is "{}", which has no such setting: "{}" has)", keys.type,
                           kind.name, other.name);
    }
    const std::string meant = setting_meant_by(key);
    return fmt::format(R"({} is "{}", which has no such setting{}{})", keys.type, kind.name,
                       meant.empty() ? "" : "; ", meant);
}

void read_options(const PartKeys& keys, const json::Value& object, const Layer& layer,
                  Draft& draft) {
    if (!object.is_object()) {
        if (stands_for_nothing(object, layer)) return;
        draft.refuse(not_accepted(keys.config, object, layer, "an object"));
        return;
    }
    const std::string prefix = std::string{keys.config} + ".";
    add_repeated_keys(object, prefix, layer, draft);
    const Kind& kind = draft.kind(keys.part);
    for (const auto& [name, value] : object.members()) {
        const auto option = std::ranges::find(kind.options, name, &Option::key);
        if (option == kind.options.end()) {
            draft.refuse({.key = prefix + shown_key(name),
                          .where = *layer.where,
                          .hint = no_such_option(keys, kind, name)});
        } else if (!stands_for_nothing(value, layer)) {
            set(keys.part, *option, given_json(value, layer.is_event, layer.where), draft);
        }
    }
}

// Before everything else: the options are read by them.
void read_kinds(const json::Value& object, const Layer& layer, Draft& draft) {
    for (const PartKeys& keys : part_keys) {
        const auto name = object.find(keys.type);
        if (name) read_setting(*find_setting(keys.type), *name, layer, draft);
    }
}

constexpr std::size_t queues_max = 20;
constexpr NumberType weight_type{.max = 1e6, .above_min = true};

void read_weight(const json::Value& value, const Layer& layer, Draft& draft) {
    const auto weight = given_json(value, layer.is_event, layer.where).number;
    if (weight && *weight > weight_type.min && *weight <= weight_type.max) {
        draft.target.queues.front().weight = *weight;
    } else {
        draft.refuse(not_accepted("weight", value, layer, accepted(weight_type)));
    }
}

// One of several, with nothing of the target's others.
void read_queue(const json::Value& item, const Layer& layer, Draft& draft) {
    draft.target.queues = {{}};
    draft.notes(Part::queue) = {};
    set_from_environment(Part::queue, draft);
    if (!item.is_object()) {
        draft.refuse(not_accepted("queues", item, layer, "an object in each place of the list"));
        return;
    }
    const PartKeys& keys = keys_of(Part::queue);
    add_repeated_keys(item, "", layer, draft);
    const auto kind = item.find(keys.type);
    if (kind) read_setting(*find_setting(keys.type), *kind, layer, draft);
    for (const auto& [name, value] : item.members()) {
        if (name == keys.config) {
            read_options(keys, value, layer, draft);
        } else if (name == "weight") {
            read_weight(value, layer, draft);
        } else if (name != keys.type) {
            draft.refuse({.key = shown_key(name),
                          .where = *layer.where,
                          .hint = "a queue of several has queue_type, queue_config and weight"});
        }
    }
}

void read_queues(const json::Value& list, const Layer& layer, Draft& draft) {
    const auto items = list.items();
    if (!list.is_array() || items.empty() || items.size() > queues_max) {
        draft.refuse(not_accepted("queues", list, layer,
                                  fmt::format("a list of 1 to {} queues", queues_max)));
        return;
    }
    std::vector<QueueSettings> queues;
    draft.several_queues.clear();
    for (const json::Value& item : items) {
        Layer own = layer;
        own.where = place_of(fmt::format("{}, queues[{}]", *layer.where, queues.size()));
        Draft one = draft;
        read_queue(item, own, one);
        queues.push_back(std::move(one.target.queues.front()));
        draft.several_queues.push_back({own.where, std::move(one.notes(Part::queue))});
    }
    draft.target.queues = std::move(queues);
}

// An object's own queue takes the place of those around it, be they one or several.
void make_room_for_queue(const json::Value& object, const Layer& layer, Draft& draft) {
    const PartKeys& keys = keys_of(Part::queue);
    const bool has_one = object.find(keys.type) || object.find(keys.config);
    if (!has_one) return;
    if (object.find("queues")) {
        draft.refuse({.key = "queues",
                      .where = *layer.where,
                      .hint = "queue_type and queue_config stand beside it: with several queues "
                              "each place of the list has its own"});
    } else if (!draft.several_queues.empty()) {
        draft.several_queues.clear();
        draft.notes(Part::queue) = {};
        draft.target.queues = {{}};
        set_from_environment(Part::queue, draft);
    }
}

const PartKeys* part_of(std::string_view config_key) {
    const auto found = std::ranges::find(part_keys, config_key, &PartKeys::config);
    return found == std::end(part_keys) ? nullptr : found;
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
    const std::string meant = setting_meant_by(key);
    return meant.empty() ? "there is no such setting" : "there is no such setting; " + meant;
}

std::string shown_key(std::string_view key) {
    const std::string quoted = shown_text(key);
    return quoted.substr(1, quoted.size() - 2);
}

ObjectLists read_object(const json::Value& object, const Layer& layer, Draft& draft) {
    ObjectLists lists;
    add_repeated_keys(object, "", layer, draft);
    make_room_for_queue(object, layer, draft);
    read_kinds(object, layer, draft);
    for (const auto& [name, value] : object.members()) {
        if (const Setting* setting = find_setting(name)) {
            const bool read_already = std::holds_alternative<KindType>(setting->type);
            if (!read_already) read_setting(*setting, value, layer, draft);
        } else if (const PartKeys* keys = part_of(name)) {
            read_options(*keys, value, layer, draft);
        } else if (name == "queues" && layer.kind != ObjectKind::discovery) {
            read_queues(value, layer, draft);
        } else if (name == "$schema" && !layer.is_event && layer.kind == ObjectKind::top) {
            read_schema_name(value, layer, draft);
        } else if (!keep_list(name, value, layer, lists)) {
            draft.refuse(unknown_key(name, layer));
        }
    }
    return lists;
}

}  // namespace fas::app
