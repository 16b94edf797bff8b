#include "app/command_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/nearest_name.h"
#include "base/parse_number.h"

namespace fas::app {

namespace {

struct CommandName {
    std::string_view name;
    Command command;
};

constexpr std::array commands{
    CommandName{"once", Command::once},         CommandName{"run", Command::run},
    CommandName{"validate", Command::validate}, CommandName{"decide", Command::decide},
    CommandName{"settings", Command::settings}, CommandName{"version", Command::version},
    CommandName{"help", Command::help},
};

// Which commands an option goes with.
struct OptionName {
    std::string_view name;
    std::array<bool, 7> allowed;  // by Command
    bool takes_value;
};

//                                  help   version once  run   validate decide settings
constexpr std::array option_rows{
    OptionName{"--config", std::array{false, false, true, true, true, true, false}, true},
    OptionName{"--dry-run", std::array{false, false, true, true, false, false, false}, false},
    OptionName{"--json", std::array{false, true, true, true, true, true, true}, false},
    OptionName{"--interval", std::array{false, false, false, true, false, false, false}, true},
    OptionName{"--shard", std::array{false, false, true, true, false, false, false}, true},
};

Error usage_error(std::string message) {
    return {.kind = ErrorKind::invalid,
            .message = std::move(message) + "; see fast-autoscaler --help",
            .code = "Usage"};
}

template <std::size_t size, class Named>
Error unknown_name(std::string_view what, std::string_view given,
                   const std::array<Named, size>& known) {
    std::vector<std::string_view> names;
    names.reserve(size);
    for (const Named& one : known) names.push_back(one.name);
    std::string message = fmt::format("there is no {} {}", what, given);
    if (const auto nearest = nearest_name(given, names)) {
        message += fmt::format(", did you mean {}?", *nearest);
    }
    return usage_error(std::move(message));
}

// "250ms", "1s", "2m".
std::optional<Milliseconds> parse_duration(std::string_view text) {
    const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    const auto number = parse_number<std::int64_t>(text.substr(0, digits));
    if (!number || *number <= 0 || *number > 86'400'000) return std::nullopt;
    const std::string_view unit = text.substr(digits);
    if (unit == "ms") return Milliseconds{*number};
    if (unit == "s") return std::chrono::seconds{*number};
    if (unit == "m") return std::chrono::minutes{*number};
    return std::nullopt;
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
        line.interval = *interval;
    }
    return {};
}

// `--name value` and `--name=value`. Moves `i` to the last argument used.
Result<void> parse_option(CommandLine& line, std::span<const char* const> arguments,
                          std::size_t& i) {
    std::string_view name = arguments[i];
    std::optional<std::string_view> value;
    if (const std::size_t equals = name.find('='); equals != std::string_view::npos) {
        value = name.substr(equals + 1);
        name = name.substr(0, equals);
    }
    const auto* const option =
        std::find_if(option_rows.begin(), option_rows.end(),
                     [name](const OptionName& known) { return known.name == name; });
    if (option == option_rows.end()) return unknown_name("option", name, option_rows);
    if (!option->allowed[static_cast<std::size_t>(line.command)]) {
        return usage_error(fmt::format("{} does not go with this command", name));
    }
    if (option->takes_value && !value && i + 1 < arguments.size()) value = arguments[++i];
    if (option->takes_value && (!value || value->empty())) {
        return usage_error(fmt::format("{} needs a value", name));
    }
    if (!option->takes_value && value) {
        return usage_error(fmt::format("{} takes no value", name));
    }
    return apply_option(line, name, value.value_or(""));
}

// `settings NAME`
bool takes_name(const CommandLine& line, std::string_view argument) {
    return line.command == Command::settings && line.setting.empty() && !argument.starts_with('-');
}

}  // namespace

Result<CommandLine> parse_command_line(std::span<const char* const> arguments) {
    CommandLine line;
    const auto asks_for_help = [](std::string_view argument) {
        return argument == "--help" || argument == "-h";
    };
    if (std::any_of(arguments.begin(), arguments.end(), asks_for_help)) return line;
    if (arguments.empty()) return usage_error("no command given");

    const std::string_view name = arguments[0];
    const auto* const known =
        std::find_if(commands.begin(), commands.end(),
                     [name](const CommandName& command) { return command.name == name; });
    if (name == "--version") {
        line.command = Command::version;
    } else if (known == commands.end()) {
        return unknown_name("command", name, commands);
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

std::string_view help_text() {
    return R"(fast-autoscaler: keeps ECS services at as many tasks as their queues need.

Usage:
  fast-autoscaler once      one check of each target: read queue and service, decide, act
  fast-autoscaler run       the same every --interval, until SIGINT or SIGTERM
  fast-autoscaler validate  check the configuration, and send nothing
  fast-autoscaler decide    what-if: JSON lines in, one decision a line out, no network
  fast-autoscaler settings  list what can be configured; with a NAME, such as min_tasks or redis,
                            explain that setting, or list that kind's
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
