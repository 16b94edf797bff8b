// One log line for each check that did something or failed; quiet checks are logged for debugging.
#pragma once

#include "base/log.h"
#include "engine/check_report.h"

namespace fas::app {

void log_check(Logger& log, const engine::CheckReport& report);

}  // namespace fas::app
