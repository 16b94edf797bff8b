#include "settings/target_object.h"

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "settings/tables.h"
#include "settings/unknown_key.h"

namespace fas::settings {

namespace {

constexpr std::size_t queues_max = 20;

// The value is not repeated: an unknown key may be another program's password.
Problem unknown_key(std::string_view key, const Layer& layer) {
    std::string hint = hint_for_unknown(key);
    if (process_table.find(key) != nullptr) {
        hint = "it holds for the whole process: write it at the top";
    } else if (key == "config" && layer.origin == Origin::file) {
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

// With nothing of the others.
void read_queue(const json::Value& item, const Layer& layer, const Section& section, Draft& draft) {
    set_from_environment(parts_of(section).front().section(), draft.context);
    if (!item.is_object()) {
        draft.refuse(not_accepted("queues", item, layer, "an object in each place of the list"));
        return;
    }
    for (const json::Member& member : read_members(item, {&section, 1}, layer, draft.context)) {
        draft.refuse({.key = shown_key(member.key),
                      .where = *layer.where,
                      .hint = "a queue of several has queue_type, queue_config and weight"});
    }
}

// Not by a row with a List, whose items have no kinds, are checked at once, and may be given in the
// environment: what a queue lacks is only asked when the whole target is known.
void read_queues(const json::Value& list, const Layer& layer, Draft& draft) {
    const auto items = list.items();
    if (!list.is_array() || items.empty() || items.size() > queues_max) {
        draft.refuse(not_accepted("queues", list, layer,
                                  fmt::format("a list of 1 to {} queues", queues_max)));
        return;
    }
    draft.target.queues.assign(items.size(), {});
    draft.several_queues.assign(items.size(), {});
    for (std::size_t i = 0; i < items.size(); ++i) {
        Layer own = layer;
        own.where = place_of(fmt::format("{}, queues[{}]", *layer.where, i));
        draft.several_queues[i].where = own.where;
        read_queue(items[i], own, draft.queue_section(i), draft);
    }
}

// An object's own queue takes the place of those around it, be they one or several.
void make_room_for_queue(const json::Value& object, const Layer& layer, Draft& draft) {
    const bool has_one = object.find("queue_type") || object.find("queue_config");
    if (!has_one) return;
    if (object.find("queues")) {
        draft.refuse({.key = "queues",
                      .where = *layer.where,
                      .hint = "queue_type and queue_config stand beside it: with several queues "
                              "each place of the list has its own"});
    } else if (!draft.several_queues.empty()) {
        draft.several_queues.clear();
        draft.kinds.front() = {};
        draft.target.queues = {{}};
        set_from_environment(draft.queue().section(), draft.context);
    }
}

void forget_inherited_way(const json::Value& object, const Layer& layer, Draft& draft) {
    const auto says = [&](std::string_view key) {
        const auto value = object.find(key);
        return value && !stands_for_nothing(*value, layer);
    };
    const auto inherited = [&](std::string_view key) { return draft.place(key) != *layer.where; };
    forget_other_way(says, inherited, draft);
}

// Whether it is a member that the caller reads.
bool keep_list(const json::Member& member, ObjectKind kind, const Layer& layer,
               ObjectLists& lists) {
    std::optional<json::Value>* list = nullptr;
    if (member.key == "targets" && kind != ObjectKind::discovery) list = &lists.targets;
    if (member.key == "discover" && kind == ObjectKind::top) list = &lists.discover;
    if (member.key == "clusters" && kind == ObjectKind::discovery) list = &lists.clusters;
    if (list == nullptr) return false;
    if (!stands_for_nothing(member.value, layer)) *list = member.value;
    return true;
}

void read_other(const json::Member& member, ObjectKind kind, const Layer& layer, Draft& draft,
                ObjectLists& lists) {
    const bool is_schema =
        member.key == "$schema" && layer.origin == Origin::file && kind == ObjectKind::top;
    if (member.key == "queues" && kind != ObjectKind::discovery) {
        read_queues(member.value, layer, draft);
    } else if (is_schema && !member.value.as_string()) {
        draft.refuse(not_accepted("$schema", member.value, layer, "the URL or path of the schema"));
    } else if (!is_schema && !keep_list(member, kind, layer, lists)) {
        draft.refuse(unknown_key(member.key, layer));
    }
}

}  // namespace

ObjectLists read_object(const json::Value& object, ObjectKind kind, const Layer& layer,
                        Draft& draft) {
    make_room_for_queue(object, layer, draft);
    if (kind != ObjectKind::top) forget_inherited_way(object, layer, draft);
    const std::array sections{draft.target_section(), draft.process_section()};
    const std::span<const Section> read{sections.data(), kind == ObjectKind::top ? 2U : 1U};
    ObjectLists lists;
    for (const json::Member& member : read_members(object, read, layer, draft.context)) {
        read_other(member, kind, layer, draft, lists);
    }
    return lists;
}

}  // namespace fas::settings
