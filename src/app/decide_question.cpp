#include "app/decide_question.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "adapters/stores/memory_json.h"
#include "base/excerpt.h"
#include "base/nearest_name.h"
#include "json/reader.h"
#include "scaling/controls.h"

namespace fas::app {

namespace {

constexpr json::Limits line_limits{.bytes_max = std::size_t{1} << 20U, .depth_max = 8};
constexpr std::size_t text_bytes_max = 2'000;

// All that a check can know.
constexpr std::array<std::string_view, 33> members{
    // Of a queue; each item of `queues` is an object of these.
    "visible",
    "in_flight",
    "oldest_age",
    "publish_rate",
    "delivery_rate",
    "measured_at",
    "estimated_from",
    "missing",
    // Several queues, in the order of the configuration.
    "queues",
    "now",
    // Of the service.
    "desired",
    "running",
    "pending",
    "deployment_in_progress",
    "own_min",
    "own_max",
    "pause",
    "hold_at",
    "suspended",
    "suspended_by",
    "service_missing",
    // What was done before, and what stands against an action.
    "last_scale_out",
    "last_scale_out_messages",
    "last_scale_out_desired",
    "last_scale_in",
    "last_scale_in_messages",
    "last_scale_in_desired",
    "state_missing",
    "first_wanted",
    "protected",
    "memory",
    // Of the question itself.
    "carried_out",
    "unknown",
};
constexpr std::span<const std::string_view> queue_members = std::span{members}.first(8);

Error bad_member(std::string_view name, std::string_view wanted) {
    return {.kind = ErrorKind::invalid,
            .message = fmt::format("{} is not accepted: it must be {}", name, wanted),
            .code = "BadInput"};
}

template <class Counted>
std::optional<Counted> counted(std::optional<std::int64_t> number) {
    return number ? std::optional{Counted{*number}} : std::nullopt;
}

// One object, read member by member; the first thing wrong with it is kept.
class QuestionReader {
  public:
    explicit QuestionReader(json::Value object) : object_(object) {}

    const std::optional<Error>& error() const { return error_; }
    void refuse(Error error) {
        if (!error_) error_ = std::move(error);
    }

    void check_names(std::span<const std::string_view> known) {
        for (const json::Member& member : object_.members()) {
            if (std::ranges::find(known, member.key) != known.end()) continue;
            const auto nearest = nearest_name(member.key, known);
            refuse(
                {.kind = ErrorKind::invalid,
                 .message = fmt::format("there is no member {}{}", excerpt(member.key, 80),
                                        nearest ? fmt::format(", did you mean {}?", *nearest) : ""),
                 .code = "BadInput"});
        }
        for (const std::string_view name : object_.repeated_keys()) {
            refuse(bad_member(name, "given once"));
        }
    }

    // The names listed in "unknown", which hide what is given for them.
    void read_unknown() {
        const auto list = object_.find("unknown");
        if (!list) return;
        if (!list->is_array()) refuse(bad_member("unknown", "a list of members' names"));
        for (const json::Value& item : list->items()) {
            const auto name = item.as_string();
            if (!name || std::ranges::find(members, *name) == members.end()) {
                refuse(bad_member("an item of unknown", "the name of a member"));
            } else {
                unknown_.push_back(*name);
            }
        }
    }
    bool is_unknown(std::string_view name) const {
        return std::ranges::find(unknown_, name) != unknown_.end();
    }

    // Nothing where it is missing, null or unknown; so are those that follow.
    std::optional<json::Value> known(std::string_view name) const {
        const auto member = object_.find(name);
        if (!member || member->is_null() || is_unknown(name)) return std::nullopt;
        return member;
    }

    std::optional<std::int64_t> count(std::string_view name) {
        const auto member = known(name);
        if (!member) return std::nullopt;
        constexpr std::int64_t count_max = 1'000'000'000'000;
        const auto number = member->as_int();
        if (!number || *number < 0 || *number > count_max) {
            refuse(bad_member(name, "a whole number of at least 0, or null for unknown"));
        }
        return number;
    }

    std::optional<double> number(std::string_view name) {
        const auto member = known(name);
        if (!member) return std::nullopt;
        const auto number = member->as_double();
        if (!number || *number < 0) {
            refuse(bad_member(name, "a number of at least 0, or null for unknown"));
        }
        return number;
    }

    std::optional<TimePoint> time(std::string_view name) {
        const auto member = known(name);
        if (!member) return std::nullopt;
        std::optional<TimePoint> time;
        if (const auto seconds = member->as_double()) time = from_epoch_seconds(*seconds);
        if (const auto text = member->as_string()) time = parse_iso8601(*text);
        if (!time) refuse(bad_member(name, "epoch seconds or an ISO 8601 time"));
        return time;
    }

    std::optional<std::string_view> text(std::string_view name) {
        const auto member = known(name);
        if (!member) return std::nullopt;
        const auto text = member->as_string();
        if (!text || text->size() > text_bytes_max) {
            refuse(bad_member(name, fmt::format("a text of at most {} bytes", text_bytes_max)));
            return std::nullopt;
        }
        return text;
    }

    bool flag(std::string_view name, bool otherwise) {
        const auto member = known(name);
        const auto value = member ? member->as_bool() : std::optional{otherwise};
        if (!value) refuse(bad_member(name, "true or false"));
        return value.value_or(otherwise);
    }

    void require(std::string_view name, bool there, std::string_view wanted) {
        if (!there && !is_unknown(name)) refuse(bad_member(name, wanted));
    }

  private:
    json::Value object_;
    std::vector<std::string_view> unknown_;
    std::optional<Error> error_;
};

scaling::QueueDepth read_depth(QuestionReader& reader) {
    scaling::QueueDepth depth;
    depth.visible = counted<Messages>(reader.count("visible"));
    depth.in_flight = counted<Messages>(reader.count("in_flight"));
    if (const auto age = reader.number("oldest_age")) depth.oldest_age = Seconds{*age};
    depth.publish_rate = reader.number("publish_rate");
    depth.delivery_rate = reader.number("delivery_rate");
    depth.measured_at = reader.time("measured_at");
    depth.estimated_from = reader.text("estimated_from").value_or("");
    depth.missing = reader.text("missing").value_or("");
    return depth;
}

// Each with the name and the weight that it is configured with.
std::vector<scaling::QueuePart> read_queues(QuestionReader& reader, const json::Value& list,
                                            std::span<const QueueSettings> queues) {
    std::vector<scaling::QueuePart> parts;
    const std::vector<json::Value> items = list.items();
    if (!list.is_array() || items.size() != queues.size()) {
        reader.refuse(bad_member(
            "queues", fmt::format("a list of an object for each queue, of which there are {}",
                                  queues.size())));
        return parts;
    }
    for (std::size_t i = 0; i < items.size(); ++i) {
        QuestionReader item{items[i]};
        if (!items[i].is_object()) item.refuse(bad_member("an item of queues", "an object"));
        item.check_names(queue_members);
        scaling::QueuePart part{.depth = read_depth(item), .weight = queues[i].weight};
        if (queues.size() > 1) part.name = queue_name(queues[i]);
        if (item.error()) reader.refuse(*item.error());
        parts.push_back(std::move(part));
    }
    return parts;
}

// As the service's tags would say it.
scaling::Controls read_controls(QuestionReader& reader) {
    std::optional<std::string> hold_at;
    if (const auto member = reader.known("hold_at")) {
        if (const auto number = member->as_int()) hold_at = fmt::format("{}", *number);
        if (const auto text = member->as_string()) hold_at = *text;
        if (!hold_at) reader.refuse(bad_member("hold_at", "a number of tasks"));
    }
    scaling::Controls controls = scaling::read_controls(reader.text("pause"), hold_at);
    if (const auto text = reader.text("suspended")) {
        const auto suspended = scaling::parse_pause(*text);
        if (!suspended) reader.refuse(bad_member("suspended", "none, in, out or all"));
        controls.suspended = suspended.value_or(scaling::Pause::all);
        controls.suspended_by = reader.text("suspended_by").value_or("it is suspended");
    }
    return controls;
}

std::optional<scaling::ServiceState> read_service(QuestionReader& reader) {
    const auto desired = reader.count("desired");
    const auto running = reader.count("running");
    reader.require("desired", desired.has_value(), "a number of tasks");
    reader.require("running", running.has_value(), "a number of tasks");
    const auto pending = reader.count("pending");
    const bool deploying = reader.flag("deployment_in_progress", false);
    scaling::Controls controls = read_controls(reader);
    if (!desired || !running) return std::nullopt;
    return scaling::ServiceState{.desired = Tasks{*desired},
                                 .running = Tasks{*running},
                                 .pending = Tasks{pending.value_or(0)},
                                 .deployment_in_progress = deploying,
                                 .controls = std::move(controls),
                                 .own_min = counted<Tasks>(reader.count("own_min")),
                                 .own_max = counted<Tasks>(reader.count("own_max"))};
}

scaling::LastAction read_action(QuestionReader& reader, const std::string& name) {
    if (reader.is_unknown(name)) {
        return scaling::Unknown{
            std::string{reader.text("state_missing").value_or("as the question says")}};
    }
    const auto at = reader.time(name);
    if (!at) return scaling::Never{};
    return scaling::ScalingAction{.at = *at,
                                  .backlog = counted<Messages>(reader.count(name + "_messages")),
                                  .desired = counted<Tasks>(reader.count(name + "_desired"))};
}

scaling::Protection read_protection(QuestionReader& reader) {
    if (reader.is_unknown("protected")) return {};
    return {Tasks{reader.count("protected").value_or(0)}};
}

scaling::Situation read_situation(QuestionReader& reader, std::span<const QueueSettings> queues) {
    scaling::Situation situation;
    const auto now = reader.time("now");
    reader.require("now", now.has_value(), "the time of the decision");
    situation.now = now.value_or(TimePoint{});
    if (const auto list = reader.known("queues")) {
        for (const std::string_view name : queue_members) {
            if (reader.known(name)) reader.refuse(bad_member(name, "in an item of queues"));
        }
        situation.queues = read_queues(reader, *list, queues);
    } else {
        situation.queues.push_back({.depth = read_depth(reader)});
    }
    situation.service = read_service(reader);
    situation.service_missing = reader.text("service_missing").value_or("");
    situation.history = {read_action(reader, "last_scale_out"),
                         read_action(reader, "last_scale_in")};
    situation.protection = read_protection(reader);
    if (const auto text = reader.text("first_wanted")) {
        situation.first_wanted = scaling::parse_action(*text);
        reader.require("first_wanted", situation.first_wanted.has_value(),
                       "hold, scale_out or scale_in");
    }
    return situation;
}

scaling::Memory read_memory(QuestionReader& reader) {
    const auto member = reader.known("memory");
    if (!member) return {};
    auto memory = adapters::read_memory(*member);
    if (memory) return std::move(*memory);
    reader.refuse({.kind = ErrorKind::invalid,
                   .message = fmt::format("memory is not accepted: {}; give what an earlier line's "
                                          "answer gave, or leave it out",
                                          memory.error().message),
                   .code = "BadInput"});
    return {};
}

}  // namespace

Result<DecideQuestion> read_decide_question(std::string_view line,
                                            std::span<const QueueSettings> queues) {
    const auto document = json::parse(line, line_limits);
    if (!document) return document.error();
    if (!document->root().is_object()) return bad_member("the line", "a JSON object");
    QuestionReader reader{document->root()};
    reader.check_names(members);
    reader.read_unknown();
    DecideQuestion question{.situation = read_situation(reader, queues),
                            .memory = read_memory(reader),
                            .carried_out = reader.flag("carried_out", true)};
    if (reader.error()) return *reader.error();
    return question;
}

}  // namespace fas::app
