#include "settings/fleet_lists.h"

#include <fmt/format.h>

#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "clients/aws/names.h"
#include "settings/checks.h"

namespace fas::settings {

namespace {

constexpr int groups_deep_max = 4;
constexpr std::size_t label_part_bytes_max = 64;

// Whoever wrote a control that cannot be understood wanted something to stop.
scaling::Controls controls_of(Draft& draft) {
    if (draft.wrong("pause") || draft.wrong("hold_at")) {
        return {.pause = scaling::Pause::all, .hold_at = draft.target.rules.hold_at};
    }
    return {.pause = draft.target.rules.pause, .hold_at = draft.target.rules.hold_at};
}

// A name for people, after an ARN's last slash; empty for what is not fit to be shown.
std::string_view short_name(std::string_view name, bool valid) {
    if (!valid) return {};
    name.remove_prefix(name.rfind('/') + 1);
    return name.substr(0, label_part_bytes_max);
}

// " (shop/worker)", from what the object says or inherits; empty where it is no one target.
std::string label_of(const json::Value& item, const Draft& inherited) {
    const auto own = [&item](std::string_view key) {
        const auto member = item.find(key);
        return member ? member->as_string() : std::nullopt;
    };
    const std::string_view cluster =
        own("cluster_name").value_or(std::string_view{inherited.target.cluster_name});
    const std::string_view service =
        own("service_name").value_or(std::string_view{inherited.target.service_name});
    const std::string_view cluster_shown = short_name(cluster, clients::is_cluster(cluster));
    const std::string_view service_shown = short_name(service, clients::is_service(service));
    if (cluster_shown.empty() || service_shown.empty()) return {};
    return fmt::format(" ({}/{})", cluster_shown, service_shown);
}

// Reads the targets, and remembers where each stood while that can still be said.
class TargetReader {
  public:
    TargetReader(Purpose purpose, FleetSettings& fleet) : purpose_(purpose), fleet_(fleet) {}

    // `path` is the place of the object that has the list, with what separates it from "targets".
    void read_list(const json::Value& list, const Layer& layer, const std::string& path,
                   const Draft& inherited, int depth);

  private:
    void read_item(const json::Value& item, const Layer& layer, const std::string& path,
                   const Draft& inherited, int depth);
    void read_object_or_group(const json::Value& item, const Layer& layer, const std::string& path,
                              Draft& draft, int depth);
    void add(Draft& draft);
    void check_unique(Draft& draft);
    void refuse_group(std::vector<Problem> problems);
    static RefusedTarget refused(Draft& draft);
    static void refuse_name(Draft& draft, const std::string& name, std::string hint);

    Purpose purpose_;
    FleetSettings& fleet_;
    std::vector<std::string> subjects_;  // of each target, the refused ones among them
    int refused_groups_ = 0;             // around the present item
    std::unordered_map<std::string, std::size_t> by_state_;
    std::unordered_map<std::string, std::size_t> by_identity_;
};

void TargetReader::read_list(const json::Value& list, const Layer& layer, const std::string& path,
                             const Draft& inherited, int depth) {
    if (!list.is_array()) {
        inherited.refuse(not_accepted("targets", list, layer, "a list of targets"));
        return;
    }
    if (depth > groups_deep_max) {
        inherited.refuse(
            {.key = "targets",
             .where = *layer.where,
             .hint = fmt::format("groups may be nested {} deep at most", groups_deep_max)});
        return;
    }
    std::size_t index = 0;
    for (const json::Value& item : list.items()) {
        read_item(item, layer, fmt::format("{}targets[{}]", path, index++), inherited, depth);
    }
}

void TargetReader::read_item(const json::Value& item, const Layer& layer, const std::string& path,
                             const Draft& inherited, int depth) {
    std::vector<Problem> problems;  // of this item alone
    Draft draft = inherited;
    draft.context.problems = &problems;
    const bool is_group = item.find("targets").has_value();
    const Layer own{.where = place_of(path + (is_group ? "" : label_of(item, inherited))),
                    .origin = layer.origin};
    if (item.is_object()) {
        read_object_or_group(item, own, path, draft, depth);
    } else {
        draft.refuse(not_accepted("targets", item, own, "an object in each place of the list"));
        refuse_group(std::move(problems));
    }
}

// What a group says wrong is refused with all that is in it: that would begin with it.
void TargetReader::read_object_or_group(const json::Value& item, const Layer& layer,
                                        const std::string& path, Draft& draft, int depth) {
    const ObjectLists lists = read_object(item, ObjectKind::target, layer, draft);
    if (!lists.targets) {
        draft.subject = *layer.where;
        add(draft);
        return;
    }
    ++fleet_.groups;
    std::vector<Problem>& problems = *draft.context.problems;
    const int outer = refused_groups_;
    if (!problems.empty()) ++refused_groups_;
    read_list(*lists.targets, layer, path + ".", draft, depth + 1);
    refused_groups_ = outer;
    if (!problems.empty()) refuse_group(std::move(problems));
}

void TargetReader::refuse_group(std::vector<Problem> problems) {
    fleet_.refused.push_back({.problems = std::move(problems)});
}

void TargetReader::add(Draft& draft) {
    check_settings(draft, purpose_ == Purpose::check ? Required::all : Required::none);
    check_unique(draft);
    subjects_.push_back(draft.subject);
    if (draft.context.problems->empty() && refused_groups_ == 0) {
        fleet_.targets.push_back(std::move(draft.target));
    } else {
        fleet_.refused.push_back(refused(draft));
    }
}

RefusedTarget TargetReader::refused(Draft& draft) {
    RefusedTarget refused{.controls = controls_of(draft)};
    const auto identity = identity_of(draft.target);
    if (!identity.group.empty() && !identity.name.empty()) {
        refused.name = identity.group + "/" + identity.name;
    }
    refused.problems = std::move(*draft.context.problems);
    return refused;
}

void TargetReader::check_unique(Draft& draft) {
    const std::size_t index = subjects_.size();
    const TargetSettings& target = draft.target;
    const auto identity = identity_of(target);
    if (identity.group.empty() || identity.name.empty()) return;  // it is missing, which was said
    const std::string& role =
        target.target_role_arn.empty() ? target.role_arn : target.target_role_arn;
    const std::string name = identity.group + "/" + identity.name;
    const auto [same, is_new] = by_identity_.try_emplace(
        fmt::format("{} {} {} {}", target.region, role, target.target_type().name, name), index);
    if (!is_new) {
        refuse_name(
            draft, name,
            fmt::format("the same service is at {}: keep one of the two", subjects_[same->second]));
        return;
    }
    const auto [other, is_alone] = by_state_.try_emplace(name, index);
    if (is_alone) return;
    refuse_name(draft, name,
                fmt::format("it would have its name and its recorded actions in common with {}, "
                            "which is another service: write the service or cluster as its ARN, "
                            "which has region and account in it",
                            subjects_[other->second]));
}

void TargetReader::refuse_name(Draft& draft, const std::string& name, std::string hint) {
    const bool is_service = draft.service().is_default();
    draft.refuse({.key = is_service ? "service_name" : "target_config",
                  .where = draft.subject,
                  .value = shown_text(is_service ? draft.target.service_name : name),
                  .hint = std::move(hint)});
}

// Where the service names and the queue come from is a later question.
void read_clusters(const json::Value& list, const Layer& layer, Draft& draft,
                   std::vector<std::string>& clusters) {
    constexpr const char* wanted = "a list of at least one cluster's name or ARN";
    const auto items = list.items();
    if (items.empty()) draft.refuse(not_accepted("clusters", list, layer, wanted));
    for (const json::Value& item : items) {
        const auto name = item.as_string();
        if (name && clients::is_cluster(*name)) {
            clusters.emplace_back(*name);
        } else {
            draft.refuse(not_accepted("clusters", item, layer, wanted));
        }
    }
}

constexpr std::string_view brought_along =
    "what is discovered brings its own: leave it out (clusters says where to look)";

void refuse_own_service(Draft& draft, const Layer& layer) {
    for (const std::string_view key : {"cluster_name", "service_name"}) {
        if (draft.place(key) != *layer.where) continue;
        draft.refuse(key, {.where = *layer.where, .hint = std::string(brought_along)});
    }
    const Section queue = draft.queue().section();
    for (const Row& row : queue.table->rows) {
        if (!names_the_queue(row) || queue.place(row) != *layer.where) continue;
        draft.context.refuse(queue, row,
                             {.where = *layer.where, .hint = std::string(brought_along)});
    }
    if (!draft.service().is_default()) {
        draft.refuse("target_type", {.where = *layer.where,
                                     .value = shown_text(draft.service().options->kind().name),
                                     .must_be = "\"ecs\"",
                                     .hint = "ECS services are what can be discovered"});
    }
}

void read_discovery(const json::Value& item, const Layer& layer, const Draft& top, Purpose purpose,
                    FleetSettings& fleet) {
    std::vector<Problem> problems;  // of this entry alone
    auto draft = std::make_shared<Draft>(top);
    draft->context.problems = &problems;
    if (!item.is_object()) {
        draft->refuse(not_accepted("discover", item, layer, "an object in each place of the list"));
        fleet.refused.push_back({.discovery = *layer.where, .problems = std::move(problems)});
        return;
    }
    DiscoverySettings discovery;
    const ObjectLists lists = read_object(item, ObjectKind::discovery, layer, *draft);
    if (lists.clusters) read_clusters(*lists.clusters, layer, *draft, discovery.clusters);
    refuse_own_service(*draft, layer);
    draft->subject = *layer.where;
    Draft checked = *draft;
    check_settings(checked, purpose == Purpose::check ? Required::discovery : Required::none);
    if (!problems.empty()) {
        RefusedTarget refused{.discovery = *layer.where, .controls = controls_of(checked)};
        refused.problems = std::move(problems);
        fleet.refused.push_back(std::move(refused));
        return;
    }
    draft->context = {};  // of this reading; a later one brings its own
    discovery.defaults = std::move(checked.target);
    discovery.where = *layer.where;
    discovery.draft = std::move(draft);
    fleet.discoveries.push_back(std::move(discovery));
}

void read_discoveries(const FleetList& list, const Draft& top, Purpose purpose,
                      FleetSettings& fleet) {
    if (!list.value.is_array()) {
        top.refuse(not_accepted("discover", list.value, list.layer, "a list of what to discover"));
        return;
    }
    // No service of the top level is meant: what is found has its own.
    Draft without_service = top;
    for (const char* key : {"cluster_name", "service_name"}) without_service.forget(key);
    const Section queue = without_service.queue().section();
    for (const Row& row : queue.table->rows) {
        if (names_the_queue(row) && queue.given(row)) queue.forget(row);
    }
    std::size_t index = 0;
    for (const json::Value& item : list.value.items()) {
        const Layer own{
            .where = place_of(fmt::format("{}, discover[{}]", *list.layer.where, index++)),
            .origin = list.layer.origin};
        read_discovery(item, own, without_service, purpose, fleet);
    }
}

}  // namespace

void read_fleet_lists(const FleetLists& lists, const Draft& top, Purpose purpose,
                      FleetSettings& fleet) {
    const std::size_t problems_before = top.context.problems->size();
    if (lists.targets) {
        const Layer& layer = lists.targets->layer;
        TargetReader{purpose, fleet}.read_list(lists.targets->value, layer, *layer.where + ", ",
                                               top, 0);
    }
    if (lists.discover) read_discoveries(*lists.discover, top, purpose, fleet);
    const bool empty = fleet.targets.empty() && fleet.refused.empty() && fleet.discoveries.empty();
    if (!empty || top.context.problems->size() != problems_before) return;
    const FleetList& list = lists.targets ? *lists.targets : *lists.discover;
    top.refuse({.key = lists.targets ? "targets" : "discover",
                .where = *list.layer.where,
                .hint = "there is no target in it: name at least one, or give discover"});
}

}  // namespace fas::settings
