// Log lines for a check that did something or failed; quiet checks are logged for debugging.
#pragma once

#include "base/log.h"
#include "engine/check_report.h"

namespace fas::app {

void log_errors(Logger& log, const engine::CheckReport& report);
void log_decision(Logger& log, const engine::CheckReport& report);

}  // namespace fas::app
