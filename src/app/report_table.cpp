#include "app/report_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/report_json.h"
#include "base/control_characters.h"
#include "base/wrap.h"

namespace fas::app {

namespace {

constexpr std::string_view check_row_format = "{:<9} {:<10} {:>8} {:>9} {:>8} {:>8}  {}{}\n";
constexpr std::size_t indent = 10;  // reasons stand under the action

std::string action_of(const engine::CheckReport& report) {
    if (!report.decision) return "hold";
    switch (report.decision->action) {
        case scaling::Action::hold: return "hold";
        case scaling::Action::scale_out: return "scale out";
        case scaling::Action::scale_in: return "scale in";
    }
    return "hold";
}

std::string tasks_of(const engine::CheckReport& report) {
    if (!report.service) return "?";
    const std::int64_t current = report.service->desired.value;
    const bool changes = report.decision && (report.changed || report.dry_run) &&
                         report.decision->desired != report.service->desired;
    return changes ? fmt::format("{} -> {}", current, report.decision->desired.value)
                   : fmt::format("{}", current);
}

// What answers "why this?": the numbers in it change from check to check while the sentence stays.
std::string without_digits(std::string_view text) {
    std::string shape;
    std::copy_if(text.begin(), text.end(), std::back_inserter(shape),
                 [](char c) { return c < '0' || c > '9'; });
    return shape;
}

// Each error once: in the reason's own place for it, or after it.
std::string with_errors(std::string reason, const std::vector<Error>& errors) {
    for (const Error& error : errors) {
        const std::string line = describe(error);
        if (reason.find(line) != std::string::npos) continue;  // both looks met it
        const std::size_t place =
            error.message.empty() ? std::string::npos : reason.find(error.message);
        if (place == std::string::npos) {
            reason += "; " + line;
        } else {
            reason.replace(place, error.message.size(), line);
        }
    }
    return reason;
}

}  // namespace

std::string ReportTable::row(const engine::CheckReport& report) {
    std::string text;
    if (!heading_written_) {
        text += fmt::format("{}\n\n", escaped(report.target));
        text += fmt::format(fmt::runtime(check_row_format), "time", "action", "visible",
                            "in flight", "running", "pending", "tasks", "");
        heading_written_ = true;
    }
    const scaling::QueueDepth& queue = report.queue;
    const auto running = report.service ? std::optional{report.service->running} : std::nullopt;
    const auto pending = report.service ? std::optional{report.service->pending} : std::nullopt;
    const std::string_view note = report.failed()  ? "  FAILED"
                                  : report.dry_run ? "  (dry run)"
                                                   : "";
    text += fmt::format(fmt::runtime(check_row_format), to_iso8601(report.time).substr(11, 8),
                        action_of(report), table_text(queue.visible), table_text(queue.in_flight),
                        table_text(running), table_text(pending), tasks_of(report), note);

    const std::string reason = with_errors(report_reason(report), report.errors);
    const std::string shape = action_of(report) + without_digits(reason);
    if (shape != last_reason_) text += wrapped(escaped(reason), indent, width_);
    last_reason_ = shape;
    return text;
}

}  // namespace fas::app
