#include "app/decide_command.h"

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

#include "adapters/stores/memory_json.h"
#include "app/decide_question.h"
#include "app/printing.h"
#include "app/wiring.h"
#include "base/json_writer.h"
#include "scaling/judge.h"

namespace fas::app {

namespace {

void write_count(JsonWriter& json, std::string_view name, std::optional<std::int64_t> count) {
    json.key(name);
    if (count) {
        json.value(*count);
    } else {
        json.null();
    }
}

// What is unknown is null.
std::string write_answer(const DecideQuestion& question, const scaling::Mind& mind,
                         const scaling::Judgement& judgement) {
    const scaling::Decision& decision = judgement.decision;
    const bool service = question.situation.service.has_value();
    const auto known = [](bool is_known, std::int64_t number) {
        return is_known ? std::optional{number} : std::nullopt;
    };
    JsonWriter json;
    json.begin_object();
    json.member("action", scaling::to_string(decision.action));
    write_count(json, "desired", known(service, decision.desired.value));
    write_count(json, "current", known(service, decision.current.value));
    json.member("reason", std::string_view{decision.reason});
    write_count(json, "wanted",
                known(decision.wanted.has_value(), decision.wanted.value_or(Tasks{}).value));
    write_count(json, "backlog",
                known(judgement.queue.visible.has_value(), decision.backlog.value));
    const bool changes = decision.action != scaling::Action::hold && question.carried_out;
    json.key("memory");
    adapters::write_memory(
        json, changes ? scaling::memory_after_change(mind, judgement, question.situation.now)
                      : judgement.memory);
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

Result<std::string> decide_line(std::string_view line, const scaling::Mind& mind,
                                const TargetSettings& settings) {
    const auto question = read_decide_question(line, settings.queues);
    if (!question) return question.error();
    const auto judgement = scaling::judge(mind, question->memory, question->situation);
    return write_answer(*question, mind, judgement);
}

}  // namespace

Result<std::string> decide_line(std::string_view line, const TargetSettings& settings) {
    return decide_line(line, mind_of(settings), settings);
}

ExitStatus decide_lines(const TargetSettings& settings, std::FILE* in, std::FILE* out) {
    const scaling::Mind mind = mind_of(settings);
    ExitStatus status = exit_done;
    char* line = nullptr;
    std::size_t capacity = 0;
    std::int64_t line_number = 0;
    for (ssize_t length = 0; (length = getline(&line, &capacity, in)) >= 0;) {
        ++line_number;
        const std::string_view text{line, static_cast<std::size_t>(length)};
        if (blank(text)) continue;
        const auto answer = decide_line(text, mind, settings);
        if (!answer) status = exit_usage;
        const std::string reply =
            (answer ? *answer : write_complaint(line_number, answer.error())) + "\n";
        std::fwrite(reply.data(), 1, reply.size(), out);
        if (std::fflush(out) != 0) {  // whoever asks line by line waits for each answer
            status = refuse_output(std::error_code{errno, std::generic_category()});
            break;
        }
    }
    std::free(line);
    return status;
}

}  // namespace fas::app
