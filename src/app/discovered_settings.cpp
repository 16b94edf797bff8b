#include "app/discovered_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "app/setting_checks.h"
#include "app/setting_object.h"
#include "app/setting_table.h"
#include "app/setting_value.h"

namespace fas::app {

namespace {

constexpr std::array<std::string_view, 3> read_elsewhere = {"enabled", "pause", "hold_at"};

// Whoever may tag a service must not thereby choose whose rights are used.
constexpr std::array<std::string_view, 8> not_by_tag = {
    "cluster_name",    "service_name",       "region",           "role_arn", "external_id",
    "target_role_arn", "target_external_id", "s3_config_bucket",
};

bool contains(std::span<const std::string_view> names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
}

bool may_be_a_tag(const Setting& setting) {
    return !setting.process_wide && !std::holds_alternative<KindType>(setting.type) &&
           !contains(not_by_tag, setting.key);
}

void read_tag(const Tag& tag, const std::string& service, Draft& draft) {
    const auto& [key, value] = tag;
    if (contains(read_elsewhere, key)) return;
    const Place place =
        place_of(fmt::format("tag fast-autoscaler:{} of {}", shown_key(key), service));
    const Setting* setting = find_setting(key);
    const Option* option = draft.options(Part::queue).find(key);
    if (setting != nullptr ? !may_be_a_tag(*setting) : option != nullptr && !option->by_tag) {
        draft.refuse(
            {.key = key, .where = *place, .hint = "a tag cannot say that: the configuration does"});
    } else if (setting != nullptr) {
        set(*setting, given_text(value, place), draft);
    } else if (option != nullptr) {
        set(Part::queue, *option, given_text(value, place), draft);
    } else {
        draft.refuse({.key = shown_key(key), .where = *place, .hint = hint_for_unknown(key)});
    }
}

// A tag's own way to say the messages per task takes the place of the configuration's other way.
void forget_other_way(std::span<const Tag> tags, Draft& draft) {
    for (const auto& [key, value] : tags) {
        if (key == "target_messages_per_task") {
            draft.forget("target_latency");
            draft.forget("mean_processing_time");
        } else if (key == "target_latency" || key == "mean_processing_time") {
            draft.forget("target_messages_per_task");
        }
    }
}

void set_text(std::string_view key, std::string_view text, const Place& place, Draft& draft) {
    set(*find_setting(key), given_text(text, place), draft);
}

}  // namespace

bool DiscoverySettings::operator==(const DiscoverySettings& other) const {
    const auto given = [](const Draft& one, const Draft& two) {
        return std::ranges::equal(one.places, two.places, [](const Place& a, const Place& b) {
            return (a == nullptr) == (b == nullptr);
        });
    };
    if (draft == nullptr || other.draft == nullptr) return draft == other.draft;
    return defaults == other.defaults && clusters == other.clusters && where == other.where &&
           draft->target_messages_per_task == other.draft->target_messages_per_task &&
           draft->target_latency_s == other.draft->target_latency_s &&
           draft->mean_processing_time_s == other.draft->mean_processing_time_s &&
           given(*draft, *other.draft);
}

bool is_enabled(std::span<const Tag> tags) {
    const auto found = std::ranges::find(tags, "enabled", &Tag::first);
    return found != tags.end() && given_text(found->second, nullptr).boolean == true;
}

std::variant<TargetSettings, std::vector<Problem>> settings_of_discovered(
    const DiscoverySettings& discovery, const std::string& cluster_arn_or_name,
    const std::string& service, std::span<const Tag> tags) {
    std::vector<Problem> problems;
    if (!is_enabled(tags)) return problems;
    Draft draft = *discovery.draft;
    draft.problems = &problems;
    draft.subject = "service " + service;
    const Place found = place_of(discovery.where);
    set_text("cluster_name", cluster_arn_or_name, found, draft);
    set_text("service_name", service, found, draft);
    forget_other_way(tags, draft);
    for (const Tag& tag : tags) read_tag(tag, draft.subject, draft);
    check_settings(draft, Required::all);
    if (!problems.empty()) return problems;
    return std::move(draft.target);
}

}  // namespace fas::app
