// In place of simulate/, in a program that was built without it (FAS_SIMULATE in CMakeLists.txt).
#include "app/complain.h"
#include "app/simulate/command.h"

namespace fas::app {

namespace {

constexpr std::string_view left_out =
    "this program was built without simulate; `make build` makes one that has it, and so does "
    "`make package SIMULATE=1`";

}  // namespace

std::span<const SimulateOption> simulate_options() { return {}; }

std::string simulate_help() { return std::string{left_out} + "\n"; }

ExitStatus simulate(const SimulateOptions& /*options*/, bool /*json*/,
                    LiveConfiguration& /*configuration*/, Plumbing& /*plumbing*/) {
    complain(left_out);
    return exit_usage;
}

}  // namespace fas::app
