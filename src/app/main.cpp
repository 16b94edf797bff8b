// The program: reads the command line, makes the plumbing, and hands over.
#include <fmt/format.h>

#include <cstdio>
#include <span>

#include "app/aws_access.h"
#include "app/check_command.h"
#include "app/command_line.h"
#include "app/config_file.h"
#include "app/decide_command.h"
#include "app/lambda.h"
#include "app/read_settings.h"
#include "app/validate_command.h"

namespace {

using namespace fas;
using namespace fas::app;

int print_version(bool json) {
    fmt::print("{}\n", json ? "{\"version\":\"" FAS_VERSION "\"}" : "fast-autoscaler " FAS_VERSION);
    return exit_done;
}

int complain(const Error& error) {
    fmt::print(stderr, "fast-autoscaler: {}\n", error.message);
    return exit_usage;
}

int run_with(const CommandLine& line, const FleetSettings& fleet, const Environment& environment) {
    if (line.command == Command::decide) return decide_lines(fleet.targets.front(), stdin, stdout);
    Plumbing plumbing{environment};
    plumbing.log = Logger{fleet.process.log_level};
    return line.command == Command::run ? run_daemon(line, fleet, plumbing)
                                        : check_once(line, fleet, plumbing);
}

int run_command(const CommandLine& line, const Environment& environment) {
    auto file = read_config_file(line.config_file, environment);
    if (!file) return complain(file.error());

    const Purpose purpose = line.command == Command::decide ? Purpose::decision : Purpose::check;
    const auto read =
        read_settings({environment, *file, std::nullopt, profile_region(environment)}, purpose);
    if (line.command == Command::validate) return report_validation(read, line.json);
    if (const auto* problems = std::get_if<std::vector<Problem>>(&read)) {
        print_problems(*problems);
        return exit_usage;
    }
    const auto& fleet = std::get<FleetSettings>(read);
    if (fleet.targets.size() != 1 || !fleet.discoveries.empty()) {
        return complain({.kind = ErrorKind::invalid,
                         .message = "this command takes a configuration of one target"});
    }
    return run_with(line, fleet, environment);
}

}  // namespace

int main(int argc, char** argv) {
    const Environment environment = process_environment();
    const std::span<const char* const> arguments{argv + 1, static_cast<std::size_t>(argc - 1)};
    const auto runtime_api = environment("AWS_LAMBDA_RUNTIME_API");
    if (runtime_api && arguments.empty()) {
        Plumbing plumbing{environment};
        return run_lambda(*runtime_api, read_config_file(std::nullopt, environment), plumbing);
    }
    const auto line = parse_command_line(arguments);
    if (!line) return complain(line.error());
    if (line->command == Command::help) {
        fmt::print("{}", help_text());
        return exit_done;
    }
    if (line->command == Command::version) return print_version(line->json);
    return run_command(*line, environment);
}
