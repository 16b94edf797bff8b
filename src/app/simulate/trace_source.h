// Where the messages of a simulation come from.
#pragma once

#include "app/plumbing.h"
#include "app/settings.h"
#include "app/simulate/found_trace.h"
#include "app/simulate/options.h"
#include "base/result.h"

namespace fas::app {

// The one of the three that the options name. A mean processing time that the options or the
// settings give comes before the trace's own. Errors: invalid, for a file that cannot be read or is
// no trace, and those of read_cloudwatch_trace.
Result<FoundTrace> find_trace(const SimulateOptions& options, const TargetSettings& settings,
                              const std::string& profile, Plumbing& plumbing);

}  // namespace fas::app
