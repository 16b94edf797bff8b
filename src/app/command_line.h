// The command line, as a value.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "app/shard.h"
#include "app/simulate/options.h"
#include "base/result.h"
#include "base/time.h"

namespace fas::app {

enum class Command { help, version, once, run, validate, decide, settings, simulate };

struct CommandLine {
    Command command = Command::help;
    std::optional<std::string> config_place;  // --config
    bool dry_run = false;
    bool json = false;
    Milliseconds interval{1000};
    Shard shard;          // --shard
    std::string setting;  // of `settings`: the NAME, or empty
    SimulateOptions simulate;
    Command help_with = Command::help;  // of `help`: what about
};

// `arguments` are those after the program's name. Errors: invalid, with what is wrong and, for a
// misspelt name, the nearest one.
Result<CommandLine> parse_command_line(std::span<const char* const> arguments);

// Of one command where it has help of its own; help is all of them.
std::string help_text(Command command);

}  // namespace fas::app
