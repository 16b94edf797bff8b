#include "app/command_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/duration.h"
#include "base/nearest_name.h"

namespace fas::app {

namespace {

struct CommandName {
    std::string_view name;
    Command command;
};

constexpr std::array commands{
    CommandName{"once", Command::once},         CommandName{"run", Command::run},
    CommandName{"validate", Command::validate}, CommandName{"decide", Command::decide},
    CommandName{"settings", Command::settings}, CommandName{"simulate", Command::simulate},
    CommandName{"version", Command::version},   CommandName{"help", Command::help},
};

// The commands that an option goes with, a bit each.
template <class... Commands>
constexpr unsigned any_of(Commands... those) {
    return ((1U << static_cast<unsigned>(those)) | ...);
}

struct OptionName {
    std::string_view name;
    unsigned allowed;
    bool takes_value;
};

constexpr std::array option_rows{
    OptionName{
        "--config",
        any_of(Command::once, Command::run, Command::validate, Command::decide, Command::simulate),
        true},
    OptionName{"--dry-run", any_of(Command::once, Command::run), false},
    OptionName{"--json",
               any_of(Command::version, Command::once, Command::run, Command::validate,
                      Command::decide, Command::settings, Command::simulate),
               false},
    OptionName{"--interval", any_of(Command::run), true},
    OptionName{"--shard", any_of(Command::once, Command::run), true},
};

Error usage_error(std::string message) {
    return {.kind = ErrorKind::invalid,
            .message = std::move(message) + "; see fast-autoscaler --help",
            .code = "Usage"};
}

Error unknown_name(std::string_view what, std::string_view given,
                   std::span<const std::string_view> known) {
    std::string message = fmt::format("there is no {} {}", what, given);
    if (const auto nearest = nearest_name(given, known)) {
        message += fmt::format(", did you mean {}?", *nearest);
    }
    return usage_error(std::move(message));
}

Error no_such_command(std::string_view given) {
    std::vector<std::string_view> known;
    known.reserve(commands.size());
    for (const CommandName& command : commands) known.push_back(command.name);
    return unknown_name("command", given, known);
}

Result<void> apply_option(CommandLine& line, std::string_view name, std::string_view value) {
    if (name == "--config") {
        line.config_place = value;
    } else if (name == "--dry-run") {
        line.dry_run = true;
    } else if (name == "--json") {
        line.json = true;
    } else if (name == "--shard") {
        const auto shard = parse_shard(value);
        if (!shard) return usage_error(shard.error().message);
        line.shard = *shard;
    } else {
        constexpr Milliseconds interval_min{100};
        constexpr Milliseconds interval_max = std::chrono::hours{24};
        const auto interval = parse_duration(value);
        if (!interval || *interval < interval_min || *interval > interval_max) {
            return usage_error(
                fmt::format("--interval {} is not accepted: it is a whole number "
                            "with a unit, from 100ms to 24 hours (1440m), like 1s",
                            value));
        }
        line.interval = std::chrono::round<Milliseconds>(*interval);
    }
    return {};
}

// `--name value` and `--name=value`.
struct GivenOption {
    std::string_view name;
    std::optional<std::string_view> value;
};

GivenOption split_option(std::string_view argument) {
    const std::size_t equals = argument.find('=');
    if (equals == std::string_view::npos) return {argument, std::nullopt};
    return {argument.substr(0, equals), argument.substr(equals + 1)};
}

// From the option itself, or else the next argument. Moves `i` to the last argument used.
Result<std::string_view> value_of(const GivenOption& option, std::span<const char* const> arguments,
                                  std::size_t& i) {
    std::string_view value = option.value.value_or("");
    if (!option.value && i + 1 < arguments.size()) value = arguments[++i];
    if (value.empty()) return usage_error(fmt::format("{} needs a value", option.name));
    return value;
}

const SimulateOption* find_simulate_option(std::string_view name) {
    const auto options = simulate_options();
    const auto found = std::ranges::find(options, name, &SimulateOption::name);
    return found == options.end() ? nullptr : &*found;
}

Error no_such_option(Command command, std::string_view given) {
    std::vector<std::string_view> known;
    known.reserve(option_rows.size() + simulate_options().size());
    for (const OptionName& row : option_rows) known.push_back(row.name);
    if (command == Command::simulate) {
        for (const SimulateOption& option : simulate_options()) known.push_back(option.name);
    }
    return unknown_name("option", given, known);
}

Result<void> take_simulate_option(CommandLine& line, const SimulateOption& option,
                                  std::string_view value) {
    const std::string must_be = option.apply(line.simulate, value);
    if (must_be.empty()) return {};
    return usage_error(fmt::format("{} {} is not accepted: {}", option.name, value, must_be));
}

Result<void> parse_option(CommandLine& line, std::span<const char* const> arguments,
                          std::size_t& i) {
    const GivenOption given = split_option(arguments[i]);
    const SimulateOption* const own =
        line.command == Command::simulate ? find_simulate_option(given.name) : nullptr;
    if (own != nullptr) {
        const auto value = value_of(given, arguments, i);
        if (!value) return value.error();
        return take_simulate_option(line, *own, *value);
    }
    const auto* const option = std::ranges::find(option_rows, given.name, &OptionName::name);
    if (option == option_rows.end()) return no_such_option(line.command, given.name);
    if ((option->allowed & any_of(line.command)) == 0) {
        return usage_error(fmt::format("{} does not go with this command", given.name));
    }
    if (!option->takes_value) {
        if (given.value) return usage_error(fmt::format("{} takes no value", given.name));
        return apply_option(line, given.name, "");
    }
    const auto value = value_of(given, arguments, i);
    if (!value) return value.error();
    return apply_option(line, given.name, *value);
}

// `settings NAME`
bool takes_name(const CommandLine& line, std::string_view argument) {
    return line.command == Command::settings && line.setting.empty() && !argument.starts_with('-');
}

const CommandName* find_command(std::string_view name) {
    const auto* const found = std::ranges::find(commands, name, &CommandName::name);
    return found == commands.end() ? nullptr : found;
}

// Whatever else is asked.
bool asks_for_help(std::string_view argument) { return argument == "--help" || argument == "-h"; }

}  // namespace

Result<CommandLine> parse_command_line(std::span<const char* const> arguments) {
    CommandLine line;
    if (arguments.empty()) return usage_error("no command given");
    const std::string_view name = arguments[0];
    const CommandName* const known = find_command(name);
    if (std::ranges::any_of(arguments, asks_for_help)) {
        if (known != nullptr) line.help_with = known->command;
        return line;
    }
    if (name == "--version") {
        line.command = Command::version;
    } else if (known == nullptr) {
        return no_such_command(name);
    } else {
        line.command = known->command;
    }
    for (std::size_t i = 1; i < arguments.size(); ++i) {
        if (takes_name(line, arguments[i])) {
            line.setting = arguments[i];
            continue;
        }
        if (auto parsed = parse_option(line, arguments, i); !parsed) return parsed.error();
    }
    return line;
}

std::string help_text(Command command) {
    if (command == Command::simulate) return simulate_help();
    return R"(fast-autoscaler: keeps ECS services at as many tasks as their queues need.

Usage:
  fast-autoscaler once      one check of each target: read queue and service, decide, act
  fast-autoscaler run       the same every --interval, until SIGINT or SIGTERM
  fast-autoscaler validate  check the configuration, and send nothing
  fast-autoscaler decide    what-if: JSON lines in, one decision a line out, no network
  fast-autoscaler settings  list what can be configured; with a NAME, such as min_tasks or redis,
                            explain that setting, or list that kind's
  fast-autoscaler simulate  what the configured policy would have done with messages of the past;
                            simulate --help has its options
  fast-autoscaler version

Options:
  --config PLACE   configuration as JSON (also FAST_AUTOSCALER_CONFIG): a file, s3://BUCKET/KEY,
                   ssm:NAME or the JSON itself; the environment's variables, such as MIN_TASKS,
                   win over it
  --dry-run        decide, and change nothing                              (once, run)
  --shard 3/16     of many targets, this one's share of 16                 (once, run)
  --interval 1s    time between the starts of checks, 100ms to 1440m       (run)
  --json           JSON lines; without it, a table if stdout is a terminal
  --help

decide reads, a line each: {"now": 1700000000, "visible": 500, "in_flight": 20, "desired": 10,
  "running": 10, "pending": 0, "last_scale_out": null, "last_scale_in": 1699999000,
  "unknown": []}. Times are epoch seconds or ISO 8601; null means never; what "unknown" names, or
  visible and in_flight where they are left out, is not known. Optional: last_scale_out_messages,
  last_scale_out_desired, deployment_in_progress.

With AWS_LAMBDA_RUNTIME_API set and no command, it is an AWS Lambda custom runtime.

Exit status: 0 done; 1 a check failed; 2 wrong usage or configuration; 3 its output
could not be written.
)";
}

}  // namespace fas::app
