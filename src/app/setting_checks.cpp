#include "app/setting_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "app/setting_text.h"
#include "app/setting_value.h"

namespace fas::app {

namespace {

std::string ways_to_set(const Setting& setting, const Draft& draft) {
    if (!draft.subject.empty()) return "set it there, in a group around it, or for all at the top";
    return fmt::format("set it in the file, the event, or as environment variable {}",
                       setting.variable);
}

// For a target of several: which one it is missing from. Alone, a key is missing everywhere.
std::string missing_in(const Draft& draft) {
    return draft.subject.empty() ? "" : "missing in " + draft.subject;
}

bool brought_by_discovery(const Setting& setting) {
    return setting.queue || setting.key == "cluster_name" || setting.key == "service_name";
}

void check_required(Draft& draft, Required required) {
    for (const Setting& setting : setting_table()) {
        if (required == Required::discovery && brought_by_discovery(setting)) continue;
        const bool other_queue = setting.queue && setting.queue != draft.target.queue_type;
        if (!setting.required || other_queue || draft.given(setting.key) ||
            draft.wrong(setting.key)) {
            continue;
        }
        draft.refuse({.key = std::string(setting.key),
                      .where = missing_in(draft),
                      .accepted = accepted(setting),
                      .hint = ways_to_set(setting, draft)});
    }
}

// `low` may not be above `high`. Named by the one that was given, since that one is to be changed.
void check_order(Draft& draft, std::string_view low_key, double low, std::string_view high_key,
                 double high) {
    if (low <= high || draft.wrong(low_key) || draft.wrong(high_key)) return;
    const bool name_high = draft.given(high_key) && !draft.given(low_key);
    const auto add = [&draft](std::string_view key, double value, std::string_view bound,
                              std::string_view other_key, double other) {
        draft.refuse({.key = std::string(key),
                      .where = draft.place(key),
                      .value = fmt::format("{}", value),
                      .accepted = fmt::format("{} {}, which is {} ({})", bound, other_key, other,
                                              draft.place(other_key))});
    };
    if (name_high) {
        add(high_key, high, "at least", low_key, low);
    } else {
        add(low_key, low, "at most", high_key, high);
    }
}

void check_orders(Draft& draft) {
    const auto& rules = draft.target.rules;
    check_order(draft, "min_tasks", static_cast<double>(rules.min_tasks.value), "max_tasks",
                static_cast<double>(rules.max_tasks.value));
    const auto& threshold = draft.target.threshold;
    check_order(draft, "scale_down_threshold", threshold.scale_down_threshold, "scale_up_threshold",
                threshold.scale_up_threshold);
}

void add_lacking_partner(Draft& draft, std::string_view key, std::string_view partner) {
    draft.refuse(
        {.key = std::string(key),
         .where = missing_in(draft),
         .accepted = accepted(*find_setting(key)),
         .hint = fmt::format("{} ({}) goes with it: target_messages_per_task is target_latency / "
                             "mean_processing_time",
                             partner, draft.place(partner))});
}

// The target is given directly, or as a latency and a processing time.
void check_target(Draft& draft) {
    constexpr std::string_view target = "target_messages_per_task";
    constexpr std::string_view latency = "target_latency";
    constexpr std::string_view processing = "mean_processing_time";
    if (draft.wrong(target) || draft.wrong(latency) || draft.wrong(processing)) return;

    const bool has_latency = draft.target_latency_s.has_value();
    const bool has_processing = draft.mean_processing_time_s.has_value();
    if (has_latency && !has_processing) add_lacking_partner(draft, processing, latency);
    if (has_processing && !has_latency) add_lacking_partner(draft, latency, processing);

    if (draft.target_messages_per_task && (has_latency || has_processing)) {
        const auto other = has_latency ? latency : processing;
        draft.refuse({.key = std::string(target),
                      .where = draft.place(target),
                      .value = fmt::format("{}", *draft.target_messages_per_task),
                      .hint = fmt::format("{} ({}) is given too: give one of the two", other,
                                          draft.place(other))});
        return;
    }
    if (has_latency && has_processing) {
        // The table's range holds for a computed target too: very unequal times leave it.
        const double latency_s = *draft.target_latency_s;
        const double processing_s = *draft.mean_processing_time_s;
        set(*find_setting(target),
            Given{.where = place_of(draft.place(latency)),
                  .shown = fmt::format("{} / {}", latency_s, processing_s),
                  .number = latency_s / processing_s},
            draft);
    }
    if (draft.target_messages_per_task) {
        draft.target.backlog.target_messages_per_task = *draft.target_messages_per_task;
    }
}

void check_queue_region(Draft& draft) {
    constexpr std::string_view key = "queue_config.queue_url";
    if (!draft.given(key) || draft.wrong(key) || draft.wrong("region")) return;
    const auto region = region_of_queue_url(draft.target.queue_url);
    if (!region || *region == draft.target.region) return;
    draft.refuse(
        {.key = std::string(key),
         .where = draft.place(key),
         .value = shown_text(draft.target.queue_url),
         .accepted =
             fmt::format("a queue of region {} ({})", draft.target.region, draft.place("region")),
         .hint = fmt::format("the URL's region is {}: set region (AWS_REGION) to it, or name "
                             "another queue",
                             *region)});
}

void check_external_id(Draft& draft, std::string_view key, std::string_view role) {
    if (!draft.given(key) || draft.given(role) || draft.wrong(role)) return;
    const bool of_service = key == "target_external_id";
    const TargetSettings& target = draft.target;
    draft.refuse({.key = std::string(key),
                  .where = draft.place(key),
                  .value = shown_text(of_service ? target.target_external_id : target.external_id),
                  .accepted = fmt::format("an external id beside {} only", role)});
}

}  // namespace

void check_settings(Draft& draft, Required required) {
    check_orders(draft);
    check_target(draft);
    check_queue_region(draft);
    check_external_id(draft, "external_id", "role_arn");
    check_external_id(draft, "target_external_id", "target_role_arn");
    if (required != Required::none) check_required(draft, required);
}

}  // namespace fas::app
