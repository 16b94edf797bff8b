#include "app/check_log.h"

#include "app/report_json.h"

namespace fas::app {

void log_errors(Logger& log, const engine::CheckReport& report) {
    for (const Error& error : report.errors) {
        log.write(LogLevel::error, error.message,
                  {{"target", report.target},
                   {"kind", to_string(error.kind)},
                   {"service", error.service},
                   {"code", error.code},
                   {"http_status", std::int64_t{error.http_status}},
                   {"request_id", error.request_id}});
    }
}

void log_decision(Logger& log, const engine::CheckReport& report) {
    if (report.changed_by_others_from && report.service) {
        log.write(LogLevel::info, "somebody else has set the number of tasks",
                  {{"target", report.target},
                   {"from", report.changed_by_others_from->value},
                   {"to", report.service->desired.value}});
    }
    if (!report.decision) return;
    const scaling::Decision& decision = *report.decision;
    log.write(report.changed ? LogLevel::info : LogLevel::debug,
              report.changed ? "scaled" : "checked",
              {{"target", report.target},
               {"action", scaling::to_string(decision.action)},
               {"reason", decision.reason},
               {"current_tasks", decision.current.value},
               {"new_tasks", decision.desired.value},
               {"dry_run", report.dry_run},
               {"request_id", report.change_request_id}});
}

}  // namespace fas::app
