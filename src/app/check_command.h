// `once`: one check of each target, from a terminal or from cron.
#pragma once

#include "app/command_line.h"
#include "app/exit_status.h"
#include "app/plumbing.h"
#include "app/settings.h"

namespace fas::app {

// Prints each check on stdout, and fails if one of them did. The first SIGINT or SIGTERM lets the
// checks that are running finish, the second drops them.
ExitStatus check_once(const CommandLine& line, FleetSettings settings, Plumbing& plumbing);

}  // namespace fas::app
