// `run`: sweeps over all targets, one an interval, until a signal ends it. The configuration is
// looked at again and again, and so are the services that are found by their tags.
#pragma once

#include "app/command_line.h"
#include "app/exit_status.h"
#include "app/live_configuration.h"
#include "app/plumbing.h"
#include "app/settings.h"

namespace fas::app {

// Goes on after failed checks, and ends only on a signal, with exit_done: the first SIGINT or
// SIGTERM lets the checks that are running finish, the second drops them. A new configuration that
// is unusable is refused, loudly, and the old one stays in force.
ExitStatus run_daemon(const CommandLine& line, FleetSettings settings,
                      LiveConfiguration configuration, Plumbing& plumbing);

}  // namespace fas::app
