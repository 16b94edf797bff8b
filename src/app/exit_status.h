// What the process says to whoever started it.
#pragma once

namespace fas::app {

enum ExitStatus : int {
    exit_done = 0,
    exit_check_failed = 1,
    exit_usage = 2,          // the command line or the configuration
    exit_output_failed = 3,  // all is done, but what was to be printed could not be
};

}  // namespace fas::app
