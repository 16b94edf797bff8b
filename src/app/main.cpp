// The program: reads the command line, makes the plumbing, and hands over.
#include <sys/prctl.h>
#include <sys/resource.h>

#include <cstdio>
#include <limits>
#include <span>
#include <string_view>

#include "app/check_command.h"
#include "app/command_line.h"
#include "app/complain.h"
#include "app/config_source.h"
#include "app/daemon.h"
#include "app/decide_command.h"
#include "app/lambda.h"
#include "app/live_configuration.h"
#include "app/printing.h"
#include "app/settings.h"
#include "app/settings_command.h"
#include "app/simulate/command.h"
#include "app/validate_command.h"

namespace {

using namespace fas;
using namespace fas::app;

std::string_view version_text(bool json) {
    return json ? "{\"version\":\"" FAS_VERSION "\"}\n" : "fast-autoscaler " FAS_VERSION "\n";
}

ExitStatus refuse(const Error& error) {
    complain(error.message);
    return exit_usage;
}

ExitStatus run_command(const CommandLine& line, Plumbing& plumbing) {
    auto source = ConfigSource::make(line.config_place, plumbing);
    if (!source) return refuse(source.error());
    LiveConfiguration configuration{std::move(*source), plumbing};
    const auto looked = plumbing.reactor.run(configuration.look(reactor::Scope{}));
    if (!looked) return refuse(looked.error());

    if (line.command == Command::simulate) {
        return simulate(line.simulate, line.json, configuration, plumbing);
    }
    const Purpose purpose = line.command == Command::decide ? Purpose::decision : Purpose::check;
    auto read = configuration.read(purpose);
    if (line.command == Command::validate) return report_validation(read, line.json);
    const bool usable = std::holds_alternative<FleetSettings>(read);
    if (!usable || (line.command == Command::decide && !problems_of(read).empty())) {
        print_problems(problems_of(read));
        return exit_usage;
    }
    auto& fleet = std::get<FleetSettings>(read);
    if (line.command == Command::decide) {
        if (fleet.targets.size() == 1) return decide_lines(fleet.targets.front(), stdin, stdout);
        return refuse(
            {.kind = ErrorKind::invalid, .message = "decide takes a configuration of one target"});
    }
    plumbing.log.set_threshold(fleet.process.log_level);
    if (line.command == Command::once) return check_once(line, std::move(fleet), plumbing);
    return run_daemon(line, std::move(fleet), std::move(configuration), plumbing);
}

// The memory of this process has keys in it, which must not get to a disk.
void leave_no_core() {
    const rlimit nothing{0, 0};
    ::setrlimit(RLIMIT_CORE, &nothing);
    ::prctl(PR_SET_DUMPABLE, 0);
}

}  // namespace

int main(int argc, char** argv) {
    leave_no_core();
    prepare_outputs();
    const Environment environment = process_environment();
    const std::span<const char* const> arguments{argv + 1, static_cast<std::size_t>(argc - 1)};
    const auto runtime_api = environment("AWS_LAMBDA_RUNTIME_API");
    if (runtime_api && arguments.empty()) {
        Plumbing plumbing{environment};
        return run_lambda(*runtime_api, plumbing);
    }
    const auto line = parse_command_line(arguments);
    if (!line) return refuse(line.error());
    if (line->command == Command::help) {
        return print(help_text(line->help_with));
    }
    if (line->command == Command::version) return print(version_text(line->json));
    if (line->command == Command::settings) return print_settings(line->setting, line->json);
    // What `once` prints ends with its targets, and somebody waits for all of it.
    constexpr std::size_t all = std::numeric_limits<std::size_t>::max();
    Plumbing plumbing{environment, line->command == Command::once ? all : output_bytes_max};
    return with_outputs(plumbing, run_command(*line, plumbing));
}
