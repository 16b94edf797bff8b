// A check's report as JSON: the line that `once` and `run` print for programs, and the result of a
// Lambda invocation. It has the original Fast Autoscaler's four members (queue_size, current_tasks,
// new_tasks, messages_per_task) and more. What is unknown is null.
#pragma once

#include <string>

#include "engine/check_report.h"

namespace fas::app {

std::string report_json(const engine::CheckReport& report);

// Why nothing was decided, or the decision's reason: for the table and the log.
std::string report_reason(const engine::CheckReport& report);

}  // namespace fas::app
