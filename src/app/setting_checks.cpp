#include "app/setting_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "app/setting_value.h"

namespace fas::app {

namespace {

std::string ways_to_set(const char* variable, const Draft& draft) {
    if (!draft.subject.empty()) return "set it there, in a group around it, or for all at the top";
    return fmt::format("set it in the file, the event, or as environment variable {}", variable);
}

// For a target of several: which one it is missing from. Alone, a key is missing everywhere.
std::string missing_in(const Draft& draft) {
    return draft.subject.empty() ? "" : "missing in " + draft.subject;
}

bool brought_by_discovery(const Setting& setting) {
    return setting.key == "cluster_name" || setting.key == "service_name";
}

// What stands at the top for one kind alone is the default kind's.
bool of_another_kind(const Setting& setting, const Draft& draft) {
    return setting.part && draft.kind(*setting.part).number != 0;
}

void check_required(Draft& draft, Required required) {
    for (const Setting& setting : setting_table()) {
        if (required == Required::discovery && brought_by_discovery(setting)) continue;
        if (!setting.required || of_another_kind(setting, draft) || draft.given(setting.key) ||
            draft.wrong(setting.key)) {
            continue;
        }
        draft.refuse({.key = std::string(setting.key),
                      .where = missing_in(draft),
                      .accepted = accepted(setting.type),
                      .hint = ways_to_set(setting.variable, draft)});
    }
}

void check_required_options(const PartKeys& keys, Draft& draft, Required required) {
    if (draft.wrong(keys.type)) return;
    for (const Option& option : draft.kind(keys.part).options) {
        if (required == Required::discovery && names_the_queue(option)) continue;
        if (!option.required || draft.options(keys.part).given(option.key) ||
            draft.wrong(keys.part, option)) {
            continue;
        }
        draft.refuse(keys.part, option,
                     {.key = key_of(keys.part, option.key),
                      .where = missing_in(draft),
                      .accepted = accepted(option.type),
                      .hint = ways_to_set(option.variable, draft)});
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
         .accepted = accepted(find_setting(key)->type),
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

std::optional<OptionProblem> problem_of(Part part, const Draft& draft) {
    const TargetSettings& target = draft.target;
    switch (part) {
        case Part::queue:
            if (target.queues.front().type->problem == nullptr) break;
            return target.queues.front().type->problem(target.queues.front().options,
                                                       target.region);
        case Part::target:
            if (target.type->problem == nullptr) break;
            return target.type->problem(target.target_options);
        case Part::state:
            if (target.store->problem == nullptr) break;
            return target.store->problem(target.state_options);
    }
    return std::nullopt;
}

// Whether options that are each right are so together.
void check_options(const PartKeys& keys, Draft& draft) {
    const Options& options = draft.options(keys.part);
    const bool whole = std::ranges::all_of(options.table(), [&](const Option& option) {
        return !draft.wrong(keys.part, option) && (!option.required || options.given(option.key));
    });
    if (!whole || draft.wrong(keys.type) || draft.wrong("region")) return;
    const auto problem = problem_of(keys.part, draft);
    if (!problem) return;
    const Option& option = *options.find(problem->key);
    const bool shown = !option.secret && options.given(option.key) &&
                       std::holds_alternative<TextType>(option.type);
    draft.refuse(keys.part, option,
                 {.key = key_of(keys.part, option.key),
                  .where = draft.place(keys.part, option),
                  .value = shown ? shown_text(options.text(option.key)) : "",
                  .hint = problem->message});
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

namespace {

// A policy's own structure, without which it can do nothing.
void check_policy(Draft& draft) {
    const auto require = [&draft](PolicyType policy, std::string_view key) {
        if (draft.target.policy != policy || draft.given(key) || draft.wrong(key)) return;
        const Setting& setting = *find_setting(key);
        draft.refuse({.key = std::string(key),
                      .where = missing_in(draft),
                      .accepted = accepted(setting.type),
                      .hint = fmt::format("policy ({}) is {}, which goes by it",
                                          draft.place("policy"), key)});
    };
    require(PolicyType::step, "step");
    require(PolicyType::schedule, "schedule");
}

void check_part(const PartKeys& keys, Draft& draft, Required required) {
    check_options(keys, draft);
    if (required != Required::none) check_required_options(keys, draft, required);
}

// Each as if it were the only one.
void check_queues(const Draft& draft, Required required) {
    for (std::size_t i = 0; i < draft.several_queues.size(); ++i) {
        Draft one = draft;
        one.target.queues = {draft.target.queues[i]};
        one.notes(Part::queue) = draft.several_queues[i].options;
        one.subject = *draft.several_queues[i].where;
        check_part(keys_of(Part::queue), one, required);
    }
}

// Whether the queue may be left out altogether.
bool without_queue(const Draft& draft) {
    const Options& options = draft.options(Part::queue);
    return draft.target.policy == PolicyType::schedule &&
           std::ranges::none_of(options.table(), [&options](const Option& option) {
               return options.given(option.key);
           });
}

}  // namespace

bool names_the_queue(const Option& option) { return option.required && option.by_tag; }

void check_settings(Draft& draft, Required required) {
    check_orders(draft);
    check_target(draft);
    check_policy(draft);
    check_external_id(draft, "external_id", "role_arn");
    check_external_id(draft, "target_external_id", "target_role_arn");
    if (required != Required::none) check_required(draft, required);
    for (const PartKeys& keys : part_keys) {
        const bool queue = keys.part == Part::queue;
        if (queue && !draft.several_queues.empty()) {
            check_queues(draft, required);
        } else if (!queue || !without_queue(draft)) {
            check_part(keys, draft, required);
        }
    }
}

}  // namespace fas::app
