// `simulate`: what the configured policy would have done with messages of the past.
#pragma once

#include "app/exit_status.h"
#include "app/live_configuration.h"
#include "app/plumbing.h"
#include "app/simulate/options.h"

namespace fas::app {

// Reads the messages, lets the program and its peers meet them, and prints what came of it: a
// table, or with `json` a document; the page where it was asked for. On stderr a line says how far
// it is, if that is a terminal.
ExitStatus simulate(const SimulateOptions& options, bool json, LiveConfiguration& configuration,
                    Plumbing& plumbing);

}  // namespace fas::app
