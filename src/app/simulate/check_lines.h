// What came into a queue, out of what `run --json` printed of it.
#pragma once

#include <optional>
#include <string_view>

#include "app/simulate/found_trace.h"
#include "base/result.h"

namespace fas::app {

// Whether the text is lines of JSON.
bool are_check_lines(std::string_view text);

// A line each check, of one target, in the order of time; those whose queue could not be read are
// passed over. Where the source tells what comes in (publish_rate), that came; else what the
// backlog grew by and what was finished meanwhile, by Little's law from the messages in flight, for
// which `processing_time` must be known. Errors: invalid, with the number of the line.
Result<FoundTrace> read_check_lines(std::string_view text, std::optional<Seconds> processing_time);

}  // namespace fas::app
