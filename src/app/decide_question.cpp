#include "app/decide_question.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/nearest_name.h"
#include "engine/memory_json.h"
#include "json/reader.h"
#include "scaling/controls.h"
#include "settings/reader.h"

namespace fas::app {

namespace {

using scaling::Action;
using scaling::Pause;
using scaling::QueueDepth;
using settings::Context;
using settings::Layer;
using settings::Notes;
using settings::Section;

constexpr json::Limits line_limits{.bytes_max = std::size_t{1} << 20U, .depth_max = 8};
constexpr Integer count{0, 1'000'000'000'000};
constexpr Number amount{0, 1e15};
constexpr Text text{{Grammar::any, 0, 2'000}, "a text of at most 2000 bytes"};

// Of a queue; each item of `queues` is an object of these.
constexpr std::array depth_rows{
    Row{"visible", count, field<&QueueDepth::visible>, "Messages that wait."},
    Row{"in_flight", count, field<&QueueDepth::in_flight>, "Messages in hand."},
    Row{"oldest_age", amount, field<&QueueDepth::oldest_age>, "Of the oldest message, in seconds."},
    Row{"publish_rate", amount, field<&QueueDepth::publish_rate>, "Messages in a second."},
    Row{"delivery_rate", amount, field<&QueueDepth::delivery_rate>, "Messages out a second."},
    Row{"measured_at", Time{}, field<&QueueDepth::measured_at>, "When this was so."},
    Row{"estimated_from", text, field<&QueueDepth::estimated_from>, "Where it was not counted."},
    Row{"missing", text, field<&QueueDepth::missing>, "Why it is a lower bound, or unknown."},
};
constexpr Table depth_table = table_of<QueueDepth>(depth_rows);

struct ActionTold {
    std::optional<TimePoint> at;
    std::optional<Messages> messages;
    std::optional<Tasks> desired;
};

// What else a check can know.
struct Told {
    std::optional<TimePoint> now;
    std::optional<Tasks> desired;
    std::optional<Tasks> running;
    scaling::ServiceState service;  // without these two
    std::optional<std::string> pause;
    std::optional<Pause> suspended;
    std::string suspended_by = "it is suspended";
    std::string service_missing;
    ActionTold scale_out;
    ActionTold scale_in;
    std::string state_missing = "as the question says";
    std::optional<Action> first_wanted;
    Tasks protected_tasks;
    bool carried_out = true;
};

constexpr std::array pauses{Name{"none", Pause::none}, Name{"in", Pause::in},
                            Name{"out", Pause::out}, Name{"all", Pause::all}};
constexpr std::array actions{Name{"hold", Action::hold}, Name{"scale_out", Action::scale_out},
                             Name{"scale_in", Action::scale_in}};

template <auto action>
constexpr std::array<Row, 3> action_rows(std::string_view at, std::string_view messages,
                                         std::string_view desired) {
    return {Row{at, Time{}, field<action, &ActionTold::at>, "The last one; null: never."},
            Row{messages, count, field<action, &ActionTold::messages>, "What it was made for."},
            Row{desired, count, field<action, &ActionTold::desired>, "What it set."}};
}

constexpr auto told_rows = join(
    std::array{
        Row{"now", Time{}, field<&Told::now>, "The time of the decision."},
        Row{"desired", count, field<&Told::desired>, "Tasks that the service is asked to have."},
        Row{"running", count, field<&Told::running>, "Tasks that work."},
        Row{"pending", count, field<&Told::service, &scaling::ServiceState::pending>,
            "Tasks that start."},
        Row{"deployment_in_progress", Flag{},
            field<&Told::service, &scaling::ServiceState::deployment_in_progress>, "One is."},
        Row{"own_min", count, field<&Told::service, &scaling::ServiceState::own_min>,
            "The service's own lower bound."},
        Row{"own_max", count, field<&Told::service, &scaling::ServiceState::own_max>,
            "The service's own upper bound."},
        Row{"pause", text, field<&Told::pause>, "As the service's tag says it."},
        Row{"suspended", Choice{pauses}, field<&Told::suspended>, "By a switch of its own."},
        Row{"suspended_by", text, field<&Told::suspended_by>, "By which."},
        Row{"service_missing", text, field<&Told::service_missing>, "Why it is unknown."},
        Row{"state_missing", text, field<&Told::state_missing>, "Why that is unknown."},
        Row{"first_wanted", Choice{actions}, field<&Told::first_wanted>, "By an earlier reading."},
        Row{"protected", count, field<&Told::protected_tasks>, "Tasks protected from a scale-in."},
        Row{"carried_out", Flag{}, field<&Told::carried_out>, "Whether the decision will be."},
    },
    action_rows<&Told::scale_out>("last_scale_out", "last_scale_out_messages",
                                  "last_scale_out_desired"),
    action_rows<&Told::scale_in>("last_scale_in", "last_scale_in_messages",
                                 "last_scale_in_desired"));
constexpr Table told_table = table_of<Told>(told_rows);

// Members that are read by hand.
constexpr std::array<std::string_view, 4> other_members{"queues", "hold_at", "memory", "unknown"};

std::vector<std::string_view> member_names() {
    std::vector<std::string_view> names(other_members.begin(), other_members.end());
    for (const Row& row : depth_rows) names.push_back(row.key);
    for (const Row& row : told_rows) names.push_back(row.key);
    return names;
}

bool is_member(std::string_view name) {
    return depth_table.find(name) != nullptr || told_table.find(name) != nullptr ||
           std::ranges::find(other_members, name) != other_members.end();
}

// One line while it is read.
class QuestionReader {
  public:
    QuestionReader(const json::Value& line, std::span<const QueueSettings> queues)
        : line_(line), queues_(queues) {
        read_unknown();
        layer_.passed_over = unknown_;
        const std::array sections{
            Section{.table = &told_table, .owner = &told_, .notes = &notes_of_told_},
            Section{.table = &depth_table, .owner = &depth_, .notes = &notes_of_depth_}};
        for (const json::Member& member : read_members(line, sections, layer_, context_)) {
            read_other(member);
        }
        require("now", told_.now.has_value());
        require("desired", told_.desired.has_value());
        require("running", told_.running.has_value());
    }

    Result<DecideQuestion> question();

  private:
    void refuse(std::string_view name, const json::Value& value, std::string must_be) {
        problems_.push_back(not_accepted(name, value, layer_, std::move(must_be)));
    }
    bool is_unknown(std::string_view name) const {
        return std::ranges::find(unknown_, name) != unknown_.end();
    }
    void require(std::string_view name, bool there) {
        if (there || is_unknown(name)) return;
        const Row& row = *told_table.find(name);
        context_.refuse(
            {.table = &told_table, .notes = &notes_of_told_}, row,
            {.where = "missing in " + *layer_.where, .must_be = settings::must_be(row.type)});
    }

    void read_unknown();
    void read_other(const json::Member& member);
    void read_queues(const json::Value& list);
    void read_hold_at(const json::Value& value);
    void read_memory(const json::Value& value);
    void refuse_unknown_name(const json::Member& member);
    std::optional<scaling::ServiceState> service() const;
    scaling::LastAction action(std::string_view name, const ActionTold& told) const;

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
    std::vector<scaling::Part> parts_;  // several queues, in the order of the configuration
    std::optional<std::string> hold_at_;
    scaling::Memory memory_;
};

void QuestionReader::read_unknown() {
    const auto list = line_.find("unknown");
    if (!list) return;
    if (!list->is_array()) refuse("unknown", *list, "a list of members' names");
    for (const json::Value& item : list->items()) {
        const auto name = item.as_string();
        if (name && is_member(*name)) {
            unknown_.push_back(*name);
        } else {
            refuse("unknown", item, "in each place the name of a member");
        }
    }
}

void QuestionReader::read_other(const json::Member& member) {
    if (member.key == "unknown" || stands_for_nothing(member.value, layer_)) return;
    if (member.key == "queues") {
        read_queues(member.value);
    } else if (member.key == "hold_at") {
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

// Each with the name and the weight that it is configured with.
void QuestionReader::read_queues(const json::Value& list) {
    const std::vector<json::Value> items = list.items();
    if (!list.is_array() || items.size() != queues_.size()) {
        refuse("queues", list,
               fmt::format("a list of an object for each queue, of which there are {}",
                           queues_.size()));
        return;
    }
    for (std::size_t i = 0; i < items.size(); ++i) {
        QueueDepth depth;
        Notes notes;
        const Section item{.table = &depth_table,
                           .owner = &depth,
                           .notes = &notes,
                           .prefix = fmt::format("queues[{}].", i)};
        if (!items[i].is_object()) refuse(fmt::format("queues[{}]", i), items[i], "an object");
        for (const json::Member& other : read_members(items[i], {&item, 1}, layer_, context_)) {
            refuse_unknown_name(other);
        }
        scaling::Part part{.depth = std::move(depth), .why = {}, .weight = queues_[i].weight};
        if (queues_.size() > 1) part.name = queue_name(queues_[i]);
        parts_.push_back(std::move(part));
    }
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
    auto memory = engine::read_memory(value);
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

std::optional<scaling::ServiceState> QuestionReader::service() const {
    if (!told_.desired || !told_.running) return std::nullopt;
    scaling::ServiceState service = told_.service;
    service.desired = *told_.desired;
    service.running = *told_.running;
    service.controls = scaling::read_controls(told_.pause, hold_at_);
    if (told_.suspended) {
        service.controls.suspended = *told_.suspended;
        service.controls.suspended_by = told_.suspended_by;
    }
    return service;
}

scaling::LastAction QuestionReader::action(std::string_view name, const ActionTold& told) const {
    if (is_unknown(name)) return scaling::Unknown{told_.state_missing};
    if (!told.at) return scaling::Never{};
    return scaling::ScalingAction{
        .at = *told.at, .backlog = told.messages, .desired = told.desired};
}

Result<DecideQuestion> QuestionReader::question() {
    if (!parts_.empty() && depth_ != QueueDepth{}) {
        problems_.push_back({.key = "queues",
                             .where = *layer_.where,
                             .hint = "beside it no queue is described: write that in its items"});
    }
    if (!problems_.empty()) {
        return Error{
            .kind = ErrorKind::invalid, .message = describe(problems_.front()), .code = "BadInput"};
    }
    scaling::Situation situation;
    situation.now = told_.now.value_or(TimePoint{});
    situation.queues = std::move(parts_);
    if (situation.queues.empty()) situation.queues.push_back({.depth = depth_, .why = {}});
    situation.service = service();
    situation.service_missing = told_.service_missing;
    situation.first_wanted = told_.first_wanted;
    situation.history = {action("last_scale_out", told_.scale_out),
                         action("last_scale_in", told_.scale_in)};
    situation.protection = scaling::Protection{};
    if (!is_unknown("protected")) situation.protection->tasks = told_.protected_tasks;
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
