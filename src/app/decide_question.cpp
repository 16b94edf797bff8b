#include "app/decide_question.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "adapters/stores/memory_json.h"
#include "base/nearest_name.h"
#include "json/reader.h"
#include "scaling/controls.h"
#include "settings/reader.h"

namespace fas::app {

namespace {

using scaling::Controls;
using scaling::QueueDepth;
using scaling::ServiceState;
using settings::Context;
using settings::Layer;
using settings::Notes;
using settings::Section;

constexpr json::Limits line_limits{.bytes_max = std::size_t{1} << 20U, .depth_max = 8};
constexpr Integer count{0, 1'000'000'000'000};
constexpr Number amount{0, 1e15};
constexpr Text told_text{{Grammar::any, 0, 2'000}, "a text of at most 2000 bytes"};

// Of a queue; each item of `queues` is an object of these.
constexpr Mark or_null = Mark::null_is_absent;

constexpr std::array depth_rows{
    Row{"visible", count, field<&QueueDepth::visible>, "Messages that wait.", or_null},
    Row{"in_flight", count, field<&QueueDepth::in_flight>, "Messages in hand.", or_null},
    Row{"stuck", count, field<&QueueDepth::stuck>, "Messages that ask for one task at most."},
    Row{"oldest_age", amount, field<&QueueDepth::oldest_age>, "Of the oldest message, in seconds.",
        or_null},
    Row{"publish_rate", amount, field<&QueueDepth::publish_rate>, "Messages in a second.", or_null},
    Row{"delivery_rate", amount, field<&QueueDepth::delivery_rate>, "Messages out a second.",
        or_null},
    Row{"measured_at", Time{}, field<&QueueDepth::measured_at>, "When this was so.", or_null},
    Row{"estimated_from", told_text, field<&QueueDepth::estimated_from>,
        "Where it was not counted.", or_null},
    Row{"missing", told_text, field<&QueueDepth::missing>, "Why it is a lower bound, or unknown.",
        or_null},
};
constexpr Table depth_table = table_of<QueueDepth>(depth_rows);

// What else a check can know.
struct Told {
    TimePoint now;
    std::vector<QueueDepth> queues;  // several, in the order of the configuration
    scaling::ServiceState service{.controls = {.suspended_by = "it is suspended"}};
    std::optional<std::string> pause;
    std::string service_missing;
    scaling::ScalingAction scale_out;
    scaling::ScalingAction scale_in;
    std::string state_missing = "as the question says";
    std::optional<scaling::Action> first_wanted;
    scaling::Protection protection{Tasks{0}};
    bool carried_out = true;
};

template <auto member>
constexpr Field of_service = field<&Told::service, member>;

template <auto action>
constexpr std::array<Row, 3> action_rows(std::string_view at, std::string_view messages,
                                         std::string_view desired) {
    using scaling::ScalingAction;
    return {Row{at, Time{}, field<action, &ScalingAction::at>, "The last one; null: never."},
            Row{messages, count, field<action, &ScalingAction::backlog>, "What it was made for."},
            Row{desired, count, field<action, &ScalingAction::desired>, "What it set."}};
}

constexpr auto told_rows = join(
    std::array{
        Row{"now", Time{}, field<&Told::now>, "The time of the decision.", Need::required},
        Row{"queues", list<&Told::queues>(&depth_table, 1, 20), Field{}, "Several, as configured."},
        Row{"desired", count, of_service<&ServiceState::desired>, "Tasks it is asked to have.",
            Need::required},
        Row{"running", count, of_service<&ServiceState::running>, "Tasks that work.",
            Need::required},
        Row{"pending", count, of_service<&ServiceState::pending>, "Tasks that start."},
        Row{"deployment_in_progress", Flag{}, of_service<&ServiceState::deployment_in_progress>,
            "Whether one is; where it is unknown, nothing is scaled in."},
        Row{"own_min", count, of_service<&ServiceState::own_min>, "Its own lower bound."},
        Row{"own_max", count, of_service<&ServiceState::own_max>, "Its own upper bound."},
        Row{"pause", told_text, field<&Told::pause>, "As the service's tag says it."},
        Row{"suspended", Choice{scaling::pause_names},
            field<&Told::service, &ServiceState::controls, &Controls::suspended>,
            "By a switch of its own."},
        Row{"suspended_by", told_text,
            field<&Told::service, &ServiceState::controls, &Controls::suspended_by>, "By which."},
        Row{"service_missing", told_text, field<&Told::service_missing>, "Why it is unknown."},
        Row{"state_missing", told_text, field<&Told::state_missing>, "Why that is unknown."},
        Row{"first_wanted", Choice{scaling::action_names}, field<&Told::first_wanted>,
            "By an earlier reading."},
        Row{"protected", count, field<&Told::protection, &scaling::Protection::tasks>,
            "Tasks that are protected from a scale-in."},
        Row{"carried_out", Flag{}, field<&Told::carried_out>, "Whether the decision will be."},
    },
    action_rows<&Told::scale_out>("last_scale_out", "last_scale_out_messages",
                                  "last_scale_out_desired"),
    action_rows<&Told::scale_in>("last_scale_in", "last_scale_in_messages",
                                 "last_scale_in_desired"));
constexpr Table told_table = table_of<Told>(told_rows);

// With those that are read by hand.
std::span<const std::string_view> member_names() {
    static const std::vector<std::string_view> all = [] {
        std::vector<std::string_view> names{"hold_at", "memory", "unknown"};
        for (const Row& row : depth_rows) names.push_back(row.key);
        for (const Row& row : told_rows) names.push_back(row.key);
        return names;
    }();
    return all;
}

// One line while it is read.
class QuestionReader {
  public:
    QuestionReader(const json::Value& line, std::span<const QueueSettings> queues)
        : line_(line), queues_(queues) {
        read_unknown();
        layer_.passed_over = unknown_;
        const std::array sections{
            told_section_,
            Section{.table = &depth_table, .owner = &depth_, .notes = &notes_of_depth_}};
        for (const json::Member& member : read_members(line, sections, layer_, context_)) {
            read_other(member);
        }
        for (const Row& row : told_rows) {
            if (row.need == Need::required && !is_unknown(row.key)) require(row);
        }
        if (is_unknown("deployment_in_progress")) told_.service.deployment_in_progress.reset();
    }

    Result<DecideQuestion> question();

  private:
    void refuse(std::string_view name, const json::Value& value, std::string must_be) {
        problems_.push_back(not_accepted(name, value, layer_, std::move(must_be)));
    }
    bool is_unknown(std::string_view name) const {
        return std::ranges::find(unknown_, name) != unknown_.end();
    }
    void require(const Row& row) {
        if (told_section_.given(row) || told_section_.wrong(row)) return;
        context_.refuse(
            told_section_, row,
            {.where = "missing in " + *layer_.where, .must_be = settings::must_be(row.type)});
    }
    bool told(std::string_view name) const { return told_section_.given(*told_table.find(name)); }

    void read_unknown();
    void read_other(const json::Member& member);
    void read_hold_at(const json::Value& value);
    void read_memory(const json::Value& value);
    void refuse_unknown_name(const json::Member& member);
    std::vector<scaling::QueuePart> parts();
    std::optional<ServiceState> service() const;
    scaling::LastAction action(std::string_view name, const scaling::ScalingAction& action) const;

    json::Value line_;
    std::span<const QueueSettings> queues_;
    std::vector<Problem> problems_;
    Context context_{&problems_};
    Layer layer_{.where = settings::place_of("question"), .origin = settings::Origin::question};
    std::vector<std::string_view> unknown_;  // which hides what is given for them
    Told told_;
    QueueDepth depth_;
    Notes notes_of_told_;
    Notes notes_of_depth_;
    Section told_section_{.table = &told_table, .owner = &told_, .notes = &notes_of_told_};
    std::optional<std::string> hold_at_;
    scaling::Memory memory_;
};

void QuestionReader::read_unknown() {
    const auto list = line_.find("unknown");
    if (!list) return;
    if (!list->is_array()) refuse("unknown", *list, "a list of members' names");
    for (const json::Value& item : list->items()) {
        const auto name = item.as_string();
        if (name && std::ranges::count(member_names(), *name) > 0) {
            unknown_.push_back(*name);
        } else {
            refuse("unknown", item, "in each place the name of a member");
        }
    }
}

void QuestionReader::read_other(const json::Member& member) {
    if (member.key == "unknown" || stands_for_nothing(member.value, layer_)) return;
    if (member.key == "hold_at") {
        read_hold_at(member.value);
    } else if (member.key == "memory") {
        read_memory(member.value);
    } else {
        refuse_unknown_name(member);
    }
}

void QuestionReader::refuse_unknown_name(const json::Member& member) {
    const auto nearest = nearest_name(member.key, member_names());
    problems_.push_back(
        {.key = settings::shown_key(member.key),
         .where = *layer_.where,
         .hint = nearest ? fmt::format("there is no such member; did you mean {}?", *nearest)
                         : "there is no such member"});
}

// As the service's tag would say it.
void QuestionReader::read_hold_at(const json::Value& value) {
    if (const auto number = value.as_int()) {
        hold_at_ = fmt::format("{}", *number);
    } else if (const auto text_of_tag = value.as_string()) {
        hold_at_ = *text_of_tag;
    } else {
        refuse("hold_at", value, "a number of tasks");
    }
}

void QuestionReader::read_memory(const json::Value& value) {
    auto memory = adapters::read_memory(value);
    if (memory) {
        memory_ = std::move(*memory);
        return;
    }
    problems_.push_back(
        {.key = "memory",
         .where = *layer_.where,
         .hint = fmt::format("{}; give what an earlier line's answer gave, or leave "
                             "it out",
                             memory.error().message)});
}

std::optional<ServiceState> QuestionReader::service() const {
    if (!told("desired") || !told("running")) return std::nullopt;
    ServiceState service = told_.service;
    service.controls = scaling::read_controls(told_.pause, hold_at_);
    if (told("suspended")) {
        service.controls.suspended = told_.service.controls.suspended;
        service.controls.suspended_by = told_.service.controls.suspended_by;
    }
    return service;
}

scaling::LastAction QuestionReader::action(std::string_view name,
                                           const scaling::ScalingAction& action) const {
    if (is_unknown(name)) return scaling::Unknown{told_.state_missing};
    if (!told(name)) return scaling::Never{};
    return action;
}

// Each queue with the name and the weight that it is configured with.
std::vector<scaling::QueuePart> QuestionReader::parts() {
    if (!told("queues")) return {scaling::QueuePart{.depth = std::move(depth_), .why = {}}};
    const bool complete = told_.queues.size() == queues_.size() && depth_ == QueueDepth{};
    if (!complete) {
        problems_.push_back(
            {.key = "queues",
             .where = *layer_.where,
             .must_be = fmt::format("one object for each of the {} queues", queues_.size()),
             .hint = "a queue is described in its item alone"});
        return {};
    }
    std::vector<scaling::QueuePart> parts;
    parts.reserve(queues_.size());
    for (std::size_t i = 0; i < queues_.size(); ++i) {
        parts.push_back({.depth = std::move(told_.queues[i]),
                         .why = {},
                         .name = queues_.size() > 1 ? queue_name(queues_[i]) : "",
                         .weight = queues_[i].weight});
    }
    return parts;
}

Result<DecideQuestion> QuestionReader::question() {
    scaling::Situation situation;
    situation.queues = parts();
    if (!problems_.empty()) {
        return Error{
            .kind = ErrorKind::invalid, .message = describe(problems_.front()), .code = "BadInput"};
    }
    situation.now = told_.now;
    situation.service = service();
    situation.service_missing = told_.service_missing;
    situation.first_wanted = told_.first_wanted;
    situation.history = {action("last_scale_out", told_.scale_out),
                         action("last_scale_in", told_.scale_in)};
    situation.protection = is_unknown("protected") ? scaling::Protection{} : told_.protection;
    return DecideQuestion{std::move(situation), std::move(memory_), told_.carried_out};
}

}  // namespace

Result<DecideQuestion> read_decide_question(std::string_view line,
                                            std::span<const QueueSettings> queues) {
    const auto document = json::parse(line, line_limits);
    if (!document) return document.error();
    if (!document->root().is_object()) {
        return Error{.kind = ErrorKind::invalid,
                     .message = "the line must be a JSON object",
                     .code = "BadInput"};
    }
    return QuestionReader{document->root(), queues}.question();
}

}  // namespace fas::app
