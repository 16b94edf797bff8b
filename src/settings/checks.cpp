#include "settings/checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "settings/given.h"
#include "settings/tables.h"

namespace fas::settings {

namespace {

// For a target of several: which one it is missing from. Alone, a key is missing everywhere.
std::string missing_in(const Draft& draft) {
    return draft.subject.empty() ? "" : "missing in " + draft.subject;
}

// What stands at the top for one kind alone is the default kind's.
bool of_another_kind(const Row& row, const Section& section) {
    if (row.needed_with.empty()) return false;
    return std::ranges::any_of(parts_of(section), [&row](const Part& part) {
        return part.row->key == row.needed_with && !part.is_default();
    });
}

// Which service it is, and which queue.
bool brought_by_discovery(const Row& row) {
    return row.needed_with == "target_type" || names_the_queue(row);
}

void check_required(const Section& section, const Draft& draft, Required required) {
    for (const Row& row : section.table->rows) {
        if (row.need != Need::required || section.given(row) || section.wrong(row)) continue;
        if (required == Required::discovery && brought_by_discovery(row)) continue;
        if (of_another_kind(row, section)) continue;
        const std::string way =
            draft.subject.empty()
                ? fmt::format("set it in the file, the event, or as environment variable {}",
                              variable_of(*section.table, row))
                : "set it there, in a group around it, or for all at the top";
        draft.context.refuse(
            section, row, {.where = missing_in(draft), .must_be = must_be(row.type), .hint = way});
    }
}

double number_of(const Section& section, std::string_view key) {
    const Value value = target_row(key).field.get(section.get());
    const auto* integer = std::get_if<std::int64_t>(&value);
    return integer != nullptr ? static_cast<double>(*integer) : std::get<double>(value);
}

// `low` may not be above `high`. Named by the one that was given, since that one is to be changed.
void check_order(Draft& draft, std::string_view low_key, std::string_view high_key) {
    const double low = number_of(draft.target_section(), low_key);
    const double high = number_of(draft.target_section(), high_key);
    if (low <= high || draft.wrong(low_key) || draft.wrong(high_key)) return;
    const auto add = [&draft](std::string_view key, double value, std::string_view bound,
                              std::string_view other_key, double other) {
        draft.refuse(key, {.where = draft.place(key),
                           .value = fmt::format("{}", value),
                           .must_be = fmt::format("{} {}, which is {} ({})", bound, other_key,
                                                  other, draft.place(other_key))});
    };
    if (draft.given(high_key) && !draft.given(low_key)) {
        add(high_key, high, "at least", low_key, low);
    } else {
        add(low_key, low, "at most", high_key, high);
    }
}

constexpr std::string_view messages_key = "target_messages_per_task";
constexpr std::string_view latency_key = "target_latency";
constexpr std::string_view processing_key = "mean_processing_time";

void add_lacking_partner(Draft& draft, std::string_view key, std::string_view partner) {
    draft.refuse(key, {.where = missing_in(draft),
                       .must_be = must_be(target_row(key).type),
                       .hint = fmt::format("{} ({}) goes with it: {} is {} / {}", partner,
                                           draft.place(partner), messages_key, latency_key,
                                           processing_key)});
}

// The row's range holds for a computed number too: very unequal times leave it.
void set_messages_per_task(Draft& draft, double latency, double processing) {
    const Row& row = target_row(messages_key);
    const Given given{.where = place_of(draft.place(latency_key)), .number = latency / processing};
    if (value_of(row.type, given)) {
        set(draft.target_section(), row, given, draft.context);
        return;
    }
    draft.refuse(messages_key, {.where = *given.where,
                                .value = fmt::format("{} / {}", latency, processing),
                                .must_be = must_be(row.type)});
}

// It is given directly, or as a latency and a processing time.
void check_messages_per_task(Draft& draft) {
    if (draft.wrong(messages_key) || draft.wrong(latency_key) || draft.wrong(processing_key)) {
        return;
    }
    const auto latency = draft.target.target_latency;
    const auto processing = draft.target.mean_processing_time;
    if (latency && !processing) add_lacking_partner(draft, processing_key, latency_key);
    if (processing && !latency) add_lacking_partner(draft, latency_key, processing_key);
    if (draft.given(messages_key) && (latency || processing)) {
        const auto other = latency ? latency_key : processing_key;
        draft.refuse(messages_key,
                     {.where = draft.place(messages_key),
                      .value = fmt::format("{}", draft.target.backlog.target_messages_per_task),
                      .hint = fmt::format("{} ({}) is given too: give one of the two", other,
                                          draft.place(other))});
    } else if (latency && processing) {
        set_messages_per_task(draft, latency->count(), processing->count());
    }
}

void check_external_id(Draft& draft, std::string_view key, std::string_view role) {
    if (!draft.given(key) || draft.given(role) || draft.wrong(role)) return;
    const Value id = target_row(key).field.get(&draft.target);
    draft.refuse(key, {.where = draft.place(key),
                       .value = shown_text(std::get<std::string_view>(id)),
                       .must_be = fmt::format("an external id beside {} only", role)});
}

// A policy's own structure, without which it can do nothing.
void check_policy(Draft& draft, PolicyType policy, std::string_view key) {
    if (draft.target.policy != policy || draft.given(key) || draft.wrong(key)) return;
    draft.refuse(key, {.where = missing_in(draft),
                       .must_be = must_be(target_row(key).type),
                       .hint = fmt::format("policy ({}) is {}, which goes by it",
                                           draft.place("policy"), key)});
}

// What is wrong with options each of which is right by itself.
std::optional<Clash> clash_of(const Part& part, Draft& draft) {
    const Kind& kind = part.options->kind();
    if (kind.table.check != nullptr) {
        if (auto clash = kind.table.check(part.options->get())) return clash;
    }
    // A queue may be elsewhere than its service, but not by nobody's having said where that is: the
    // region by default may have a service of the same name.
    if (part.row->key != "queue_type" || draft.given("region")) return std::nullopt;
    const auto& source = static_cast<const adapters::QueueKind&>(kind);
    const auto own = source.region_of == nullptr ? std::nullopt : source.region_of(*part.options);
    const std::string& region = draft.target.region;
    if (!own || *own == region) return std::nullopt;
    return Clash{std::string{part.section().table->rows.front().key},
                 fmt::format("its region is {}, and region is {}: set region (AWS_REGION) to {}, "
                             "or name another queue",
                             *own, region, *own)};
}

void check_options(const Part& part, bool wrong_kind, Draft& draft) {
    const Section section = part.section();
    const bool whole = std::ranges::all_of(section.table->rows, [&](const Row& row) {
        return !section.wrong(row) && (row.need != Need::required || section.given(row));
    });
    if (!whole || wrong_kind || draft.wrong("region")) return;
    const auto clash = clash_of(part, draft);
    if (!clash) return;
    const Row& row = *section.table->find(clash->key);
    const bool is_text = std::holds_alternative<Text>(row.type) && section.given(row);
    const Value value = is_text && !row.secret ? row.field.get(section.get()) : Value{};
    const auto* text = std::get_if<std::string_view>(&value);
    draft.context.refuse(section, row,
                         {.where = section.given(row) ? section.place(row) : "",
                          .value = text != nullptr ? shown_text(*text) : "",
                          .hint = clash->message});
}

void check_part(const Part& part, bool wrong_kind, Draft& draft, Required required) {
    check_options(part, wrong_kind, draft);
    if (required != Required::none && !wrong_kind) {
        check_required(part.section(), draft, required);
    }
}

// Each as if it were the only one.
void check_queues(Draft& draft, Required required) {
    const std::string subject = draft.subject;
    for (std::size_t i = 0; i < draft.several_queues.size(); ++i) {
        draft.subject = *draft.several_queues[i].where;
        const Section section = draft.queue_section(i);
        const Part part = parts_of(section).front();
        check_part(part, section.wrong(*part.row), draft, required);
    }
    draft.subject = subject;
}

// Whether the queue may be left out altogether.
bool without_queue(Draft& draft) {
    const Section section = draft.queue().section();
    return draft.target.policy == PolicyType::schedule &&
           std::ranges::none_of(section.table->rows,
                                [&section](const Row& row) { return section.given(row); });
}

}  // namespace

void check_settings(Draft& draft, Required required) {
    check_order(draft, "min_tasks", "max_tasks");
    check_order(draft, "scale_down_threshold", "scale_up_threshold");
    check_messages_per_task(draft);
    check_policy(draft, PolicyType::step, "step");
    check_policy(draft, PolicyType::schedule, "schedule");
    check_external_id(draft, "external_id", "role_arn");
    check_external_id(draft, "target_external_id", "target_role_arn");
    if (required != Required::none) check_required(draft.target_section(), draft, required);
    for (const Part& part : parts_of(draft.target_section())) {
        const bool queue = part.row->key == "queue_type";
        if (queue && !draft.several_queues.empty()) {
            check_queues(draft, required);
        } else if (!queue || !without_queue(draft)) {
            check_part(part, draft.wrong(part.row->key), draft, required);
        }
    }
}

}  // namespace fas::settings
