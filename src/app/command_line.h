// The command line, as a value.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "app/shard.h"
#include "base/result.h"
#include "base/time.h"

namespace fas::app {

enum class Command { help, version, once, run, validate, decide, settings };

struct CommandLine {
    Command command = Command::help;
    std::optional<std::string> config_place;  // --config
    bool dry_run = false;
    bool json = false;
    Milliseconds interval{1000};
    Shard shard;          // --shard
    std::string setting;  // of `settings`: the NAME, or empty
};

// `arguments` are those after the program's name. Errors: invalid, with what is wrong and, for a
// misspelt name, the nearest one.
Result<CommandLine> parse_command_line(std::span<const char* const> arguments);

std::string_view help_text();

}  // namespace fas::app
