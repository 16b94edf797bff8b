// Traces as people have them: lines of numbers, out of a spreadsheet, a log or a monitoring system.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "simulation/trace.h"

namespace fas::simulation {

struct TraceReading {
    Trace trace;
    std::string note;  // what was made of it that a person should know; mostly empty
};

// Either a column of the moments at which messages came, or two columns, of which the first is the
// beginning of a bin and the second how many came in it. Times are numbers of seconds, or ISO 8601.
// A first line of names may say otherwise: minute, hour or day for what the times are numbers of;
// rate, per_second or messages_per_second for counts that are rates. Bins are all of one length,
// that between the first two; those that are left out, as CloudWatch leaves out what is zero, are
// without messages, and the note says so. Lines that are empty or begin with # are skipped.
// Errors: invalid, with the number of the line and what it must be.
Result<TraceReading> read_trace_csv(std::string_view text);

}  // namespace fas::simulation
