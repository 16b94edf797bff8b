#include "settings/discovered_settings.h"

#include <fmt/format.h>

#include <algorithm>

#include "settings/checks.h"
#include "settings/draft.h"
#include "settings/tables.h"
#include "settings/unknown_key.h"

namespace fas::settings {

namespace {

void read_tag(const clients::ControlTag& tag, const std::string& service, Draft& draft) {
    const auto& [key, text] = tag;
    if (key == "enabled") return;
    const Place place =
        place_of(fmt::format("tag fast-autoscaler:{} of {}", shown_key(key), service));
    Section section = draft.target_section();
    const Row* row = section.table->find(key);
    if (row == nullptr) row = process_table.find(key);
    if (row == nullptr) {
        section = draft.queue().section();
        row = section.table->find(key);
    }
    if (row == nullptr) {
        draft.refuse({.key = shown_key(key), .where = *place, .hint = hint_for_unknown(key)});
    } else if (row->tag == Tag::no) {
        draft.refuse(
            {.key = key, .where = *place, .hint = "a tag cannot say that: the configuration does"});
    } else if (row->tag == Tag::yes) {
        set(section, *row, given_text(text, place), draft.context);
    }
}

// A tag's own way to say the messages per task takes the place of the configuration's other way.
void forget_configured_way(std::span<const clients::ControlTag> tags, Draft& draft) {
    const auto says = [&](std::string_view key) {
        return std::ranges::find(tags, key, &clients::ControlTag::key) != tags.end();
    };
    forget_other_way(says, [](std::string_view) { return true; }, draft);
}

// Of what the draft has from tags, as its own place says.
class TagBounds {
  public:
    TagBounds(const Draft& configured, Draft& draft,
              const std::function<void(std::string_view, Tasks)>& bounded)
        : most_(
              configured.target.rules.max_tasks_by_tag.value_or(configured.target.rules.max_tasks)),
          configured_(configured.target),
          draft_(draft),
          bounded_(bounded) {}

    void apply() {
        TargetSettings& target = draft_.target;
        target.rules.max_tasks_by_tag = most_;
        bound("min_tasks", target.rules.min_tasks, configured_.rules.min_tasks);
        bound("max_tasks", target.rules.max_tasks, configured_.rules.max_tasks);
        bound("fallback_tasks", target.fallback.fallback_tasks,
              configured_.fallback.fallback_tasks);
        if (target.schedule == configured_.schedule) return;
        for (auto& entry : target.schedule) {
            if (entry.min_tasks) bound("schedule", *entry.min_tasks, {});
            if (entry.max_tasks) bound("schedule", *entry.max_tasks, {});
        }
    }

  private:
    void bound(std::string_view key, Tasks& asked, std::optional<Tasks> configured) {
        if (asked <= most_ || asked == configured) return;
        asked = most_;
        if (bounded_) bounded_(key, most_);
    }

    Tasks most_;
    const TargetSettings& configured_;
    Draft& draft_;
    const std::function<void(std::string_view, Tasks)>& bounded_;
};

}  // namespace

bool DiscoverySettings::operator==(const DiscoverySettings& other) const {
    if (draft == nullptr || other.draft == nullptr) return draft == other.draft;
    return defaults == other.defaults && clusters == other.clusters && where == other.where &&
           draft->target == other.draft->target &&
           draft->target_notes.given == other.draft->target_notes.given;
}

bool is_enabled(std::span<const clients::ControlTag> tags) {
    const auto found = std::ranges::find(tags, "enabled", &clients::ControlTag::key);
    return found != tags.end() && given_text(found->value, nullptr).boolean == true;
}

std::variant<TargetSettings, std::vector<Problem>> settings_of_discovered(
    const DiscoverySettings& discovery, const std::string& cluster_arn_or_name,
    const std::string& service, std::span<const clients::ControlTag> tags,
    const std::function<void(std::string_view key, Tasks most)>& bounded) {
    std::vector<Problem> problems;
    if (!is_enabled(tags)) return problems;
    Draft draft = *discovery.draft;
    draft.context.problems = &problems;
    draft.subject = "service " + service;
    const Place found = place_of(discovery.where);
    const auto set_text = [&](std::string_view key, std::string_view text) {
        set(draft.target_section(), target_row(key), given_text(text, found), draft.context);
    };
    set_text("cluster_name", cluster_arn_or_name);
    set_text("service_name", service);
    forget_configured_way(tags, draft);
    for (const clients::ControlTag& tag : tags) read_tag(tag, draft.subject, draft);
    TagBounds{*discovery.draft, draft, bounded}.apply();
    check_settings(draft, Required::all);
    if (!problems.empty()) return problems;
    return std::move(draft.target);
}

}  // namespace fas::settings
