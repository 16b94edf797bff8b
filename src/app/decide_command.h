// `decide`: the pure decision (scaling/judge.h) as a filter, for what-if questions, replays of a
// log and tests. JSON lines in, one decision a line out. It makes no request and keeps no state:
// each answer has the memory that the next line may begin with.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

#include "app/exit_status.h"
#include "app/settings.h"
#include "base/result.h"

namespace fas::app {

// The answer to one line, as JSON. Errors: invalid, naming the member and what is accepted.
Result<std::string> decide_line(std::string_view line, const TargetSettings& settings);

// Answers every line of `in`; a bad one gets {"line": N, "error": ...} in its place, and the exit
// status is exit_usage at the end.
ExitStatus decide_lines(const TargetSettings& settings, std::FILE* in, std::FILE* out);

}  // namespace fas::app
