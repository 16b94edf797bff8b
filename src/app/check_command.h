// `once` and `run`: checks from a terminal, from cron, or as a daemon.
#pragma once

#include "app/command_line.h"
#include "app/exit_status.h"
#include "app/plumbing.h"
#include "app/settings.h"

namespace fas::app {

// Prints each check on stdout. The first SIGINT or SIGTERM lets the running check finish, the
// second drops it. `once` fails if its check did; `run` goes on after a failed check, and ends
// only on a signal, with exit_done.
ExitStatus check_once(const CommandLine& line, const FleetSettings& fleet, Plumbing& plumbing);
ExitStatus run_daemon(const CommandLine& line, const FleetSettings& fleet, Plumbing& plumbing);

}  // namespace fas::app
