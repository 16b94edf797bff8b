#include "app/decide_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>

#include "app/wiring.h"
#include "base/excerpt.h"
#include "base/json_writer.h"
#include "base/nearest_name.h"
#include "json/reader.h"
#include "scaling/decide.h"

namespace fas::app {

namespace {

constexpr json::Limits line_limits{.bytes_max = std::size_t{64} << 10U, .depth_max = 8};

constexpr std::array<std::string_view, 13> members{
    "now",
    "visible",
    "in_flight",
    "desired",
    "running",
    "pending",
    "last_scale_out",
    "last_scale_in",
    "last_scale_out_messages",
    "last_scale_out_desired",
    "deployment_in_progress",
    "protected",
    "unknown",
};

Error bad_member(std::string_view name, std::string_view accepted) {
    return {.kind = ErrorKind::invalid,
            .message = fmt::format("{} is not accepted: it must be {}", name, accepted),
            .code = "BadInput"};
}

// One line's object, read member by member; the first thing wrong with it is kept.
class Question {
  public:
    explicit Question(json::Value root) : root_(root) {}

    const std::optional<Error>& error() const { return error_; }

    void check_names() {
        for (const json::Member& member : root_.members()) {
            if (std::find(members.begin(), members.end(), member.key) != members.end()) continue;
            const auto nearest = nearest_name(member.key, members);
            refuse(
                {.kind = ErrorKind::invalid,
                 .message = fmt::format("there is no member {}{}", excerpt(member.key, 80),
                                        nearest ? fmt::format(", did you mean {}?", *nearest) : ""),
                 .code = "BadInput"});
        }
        for (const std::string_view name : root_.repeated_keys()) {
            refuse(bad_member(name, "given once"));
        }
    }

    // The names listed in "unknown", which hide what is given for them.
    void read_unknown() {
        const auto list = root_.find("unknown");
        if (!list) return;
        if (!list->is_array()) refuse(bad_member("unknown", "a list of members' names"));
        for (const json::Value& item : list->items()) {
            const auto name = item.as_string();
            if (!name || std::find(members.begin(), members.end(), *name) == members.end()) {
                refuse(bad_member("an item of unknown", "the name of a member"));
            } else {
                unknown_.push_back(*name);
            }
        }
    }

    // Nothing where it is missing, null or unknown.
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

    std::optional<TimePoint> time(std::string_view name) {
        const auto member = known(name);
        if (!member) return std::nullopt;
        std::optional<TimePoint> time;
        if (const auto seconds = member->as_double()) time = from_epoch_seconds(*seconds);
        if (const auto text = member->as_string()) time = parse_iso8601(*text);
        if (!time) refuse(bad_member(name, "epoch seconds or an ISO 8601 time"));
        return time;
    }

    bool flag(std::string_view name) {
        const auto member = known(name);
        const auto value = member ? member->as_bool() : std::optional{false};
        if (!value) refuse(bad_member(name, "true or false"));
        return value.value_or(false);
    }

    bool is_unknown(std::string_view name) const {
        return std::find(unknown_.begin(), unknown_.end(), name) != unknown_.end();
    }

    void require(std::string_view name, bool there, std::string_view accepted) {
        if (!there && !is_unknown(name)) refuse(bad_member(name, accepted));
    }

  private:
    std::optional<json::Value> known(std::string_view name) const {
        const auto member = root_.find(name);
        if (!member || member->is_null() || is_unknown(name)) return std::nullopt;
        return member;
    }

    void refuse(Error error) {
        if (!error_) error_ = std::move(error);
    }

    json::Value root_;
    std::vector<std::string_view> unknown_;
    std::optional<Error> error_;
};

struct Situation {
    std::optional<scaling::ServiceState> service;
    scaling::QueueDepth queue;
    std::optional<Tasks> protected_tasks;  // from a scale-in
    scaling::History history;
    TimePoint now;
};

scaling::LastAction last_action(Question& question, std::string_view name) {
    if (question.is_unknown(name)) return scaling::Unknown{"as the question says"};
    const auto at = question.time(name);
    if (!at) return scaling::Never{};
    return scaling::ScalingAction{.at = *at, .backlog = {}, .desired = {}};
}

template <class Counted>
std::optional<Counted> counted(std::optional<std::int64_t> number) {
    return number ? std::optional{Counted{*number}} : std::nullopt;
}

Situation read_situation(Question& question) {
    Situation situation;
    const auto now = question.time("now");
    question.require("now", now.has_value(), "the time of the decision");
    situation.now = now.value_or(TimePoint{});

    situation.queue.visible = counted<Messages>(question.count("visible"));
    situation.queue.in_flight = counted<Messages>(question.count("in_flight"));

    const auto desired = question.count("desired");
    const auto running = question.count("running");
    const auto pending = question.count("pending");
    const bool deploying = question.flag("deployment_in_progress");
    question.require("desired", desired.has_value(), "a number of tasks");
    question.require("running", running.has_value(), "a number of tasks");
    if (desired && running) {
        situation.service = scaling::ServiceState{Tasks{*desired}, Tasks{*running},
                                                  Tasks{pending.value_or(0)}, deploying};
    }
    if (!question.is_unknown("protected")) {
        situation.protected_tasks = Tasks{question.count("protected").value_or(0)};
    }

    situation.history.scale_out = last_action(question, "last_scale_out");
    situation.history.scale_in = last_action(question, "last_scale_in");
    if (auto* last = std::get_if<scaling::ScalingAction>(&situation.history.scale_out)) {
        last->backlog = counted<Messages>(question.count("last_scale_out_messages"));
        last->desired = counted<Tasks>(question.count("last_scale_out_desired"));
    }
    return situation;
}

scaling::Decision decide(const Situation& situation, const TargetSettings& settings) {
    const scaling::Rules rules =
        scaling::with_schedule(settings.rules, settings.schedule, situation.now);
    auto decision =
        scaling::recommend(*make_policy(settings), rules, {situation.queue, *situation.service});
    if (rules.respect_task_protection) {
        decision = scaling::apply_protection(std::move(decision), situation.protected_tasks);
    }
    return scaling::apply_cooldown(std::move(decision), rules, situation.history, situation.now);
}

std::string write_answer(const std::optional<scaling::Decision>& decision) {
    JsonWriter json;
    json.begin_object();
    if (decision) {
        json.member("action", scaling::to_string(decision->action));
        json.member("desired", decision->desired.value);
        json.member("current", decision->current.value);
        json.member("reason", std::string_view{decision->reason});
    } else {
        json.member("action", scaling::to_string(scaling::Action::hold));
        json.key("desired").null();
        json.key("current").null();
        json.member("reason", "the service's state is unknown");
    }
    json.end_object();
    return json.take();
}

std::string write_complaint(std::int64_t line_number, const Error& error) {
    JsonWriter json;
    json.begin_object();
    json.member("line", line_number);
    json.member("error", std::string_view{error.message});
    json.end_object();
    return json.take();
}

bool blank(std::string_view line) {
    return line.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

}  // namespace

Result<std::string> decide_line(std::string_view line, const TargetSettings& settings) {
    const auto document = json::parse(line, line_limits);
    if (!document) return document.error();
    if (!document->root().is_object()) return bad_member("the line", "a JSON object");
    Question question{document->root()};
    question.check_names();
    question.read_unknown();
    const Situation situation = read_situation(question);
    if (question.error()) return *question.error();

    std::optional<scaling::Decision> decision;
    if (situation.service) decision = decide(situation, settings);
    return write_answer(decision);
}

ExitStatus decide_lines(const TargetSettings& settings, std::FILE* in, std::FILE* out) {
    ExitStatus status = exit_done;
    char* line = nullptr;
    std::size_t capacity = 0;
    std::int64_t line_number = 0;
    for (ssize_t length = 0; (length = getline(&line, &capacity, in)) >= 0;) {
        ++line_number;
        const std::string_view text{line, static_cast<std::size_t>(length)};
        if (blank(text)) continue;
        const auto answer = decide_line(text, settings);
        if (!answer) status = exit_usage;
        const std::string reply =
            (answer ? *answer : write_complaint(line_number, answer.error())) + "\n";
        std::fwrite(reply.data(), 1, reply.size(), out);
        std::fflush(out);  // whoever asks line by line waits for each answer
    }
    std::free(line);
    return status;
}

}  // namespace fas::app
