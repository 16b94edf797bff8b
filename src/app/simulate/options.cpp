#include "app/simulate/options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/duration.h"
#include "base/parse_number.h"
#include "scaling/rules.h"
#include "simulation/peers.h"

namespace fas::app {

namespace {

using simulation::peers;

constexpr Seconds longest{10 * 365 * 86'400.0};

std::string no_duration() { return "it is a number with a unit, like 500ms, 45s, 2m or 14d"; }

std::vector<std::string> split_at_commas(std::string_view text) {
    std::vector<std::string> parts;
    for (;;) {
        const std::size_t comma = text.find(',');
        parts.emplace_back(text.substr(0, comma));
        if (comma == std::string_view::npos) return parts;
        text.remove_prefix(comma + 1);
    }
}

// A duration into a member, which is named by how to reach it.
template <auto member>
std::string take_time(SimulateOptions& options, std::string_view value) {
    const auto time = parse_duration(value);
    if (!time || *time > longest) return no_duration();
    member(options) = *time;
    return {};
}

// A number from 0 to `max`.
template <auto member, auto max>
std::string take_number(SimulateOptions& options, std::string_view value) {
    const auto number = parse_number<double>(value);
    if (!number || !(*number >= 0) || *number > max) {
        return fmt::format("it is a number from 0 to {}", max);
    }
    member(options) = *number;
    return {};
}

std::string take_count(std::string_view value, std::int64_t min, std::int64_t max,
                       std::int64_t& count) {
    const auto number = parse_number<std::int64_t>(value);
    if (!number || *number < min || *number > max) {
        return fmt::format("it is a whole number from {} to {}", min, max);
    }
    count = *number;
    return {};
}

std::string take_seed(SimulateOptions& options, std::string_view value) {
    const auto seed = parse_number<std::uint64_t>(value);
    if (!seed) return "it is a whole number of at least 0";
    options.seed = *seed;
    return {};
}

std::string take_against(SimulateOptions& options, std::string_view value) {
    std::vector<std::string_view> known;
    for (const simulation::Peer& peer : peers()) known.push_back(peer.name);
    options.against = split_at_commas(value);
    if (value == "all") options.against.assign(known.begin(), known.end());
    for (const std::string& name : options.against) {
        if (std::ranges::find(known, name) == known.end()) {
            return fmt::format("it is all, or names out of {}", fmt::join(known, ", "));
        }
    }
    return {};
}

std::string take_start_up(SimulateOptions& options, std::string_view value) {
    const auto parts = split_at_commas(value);
    const auto median = parse_duration(parts.front());
    const auto p95 = parse_duration(parts.back());
    if (parts.size() > 2 || !median || !p95 || *p95 < *median || *p95 > longest) {
        return "it is the median, or the median and the 95th percentile, like 45s,75s";
    }
    options.plant.start_up_median = *median;
    options.plant.start_up_p95 = *p95;
    return {};
}

std::string take_scale_in(SimulateOptions& options, std::string_view value) {
    for (const Name& name : simulation::scale_in_names) {
        if (name.text != value) continue;
        options.plant.scale_in = static_cast<simulation::ScaleIn>(*name.value);
        return {};
    }
    return "it is kill, drain or protect";
}

std::string take_condition(SimulateOptions& options, std::string_view value) {
    auto condition = simulation::parse_condition(value);
    if (!condition) return condition.error().message;
    options.fail_if.push_back(std::move(*condition));
    return {};
}

std::string take_sweep(SimulateOptions& options, std::string_view value) {
    const std::size_t equals = value.find('=');
    if (equals == 0 || equals == std::string_view::npos || equals + 1 == value.size()) {
        return "it is a setting and its values, like target_messages_per_task=1,2,5,10";
    }
    options.sweep =
        Sweep{std::string{value.substr(0, equals)}, split_at_commas(value.substr(equals + 1))};
    return {};
}

std::string take_initial(SimulateOptions& options, std::string_view value) {
    return take_count(value, 0, scaling::tasks_max, options.initial.emplace().value);
}

std::string take_messages_per_task(SimulateOptions& options, std::string_view value) {
    return take_count(value, 1, 1000, options.plant.messages_per_task);
}

std::string take_trace(SimulateOptions& options, std::string_view value) {
    options.trace_file = value;
    return {};
}

std::string take_generator(SimulateOptions& options, std::string_view value) {
    options.generator = value;
    return {};
}

std::string take_html(SimulateOptions& options, std::string_view value) {
    options.html_file = value;
    return {};
}

constexpr auto apart_of = [](SimulateOptions& o) -> auto& { return o.interval; };
constexpr auto cloudwatch_of = [](SimulateOptions& o) -> auto& { return o.cloudwatch; };
constexpr auto processing_of = [](SimulateOptions& o) -> auto& { return o.processing_time; };
constexpr auto variation_of = [](SimulateOptions& o) -> auto& { return o.plant.work.variation; };
constexpr auto stop_of = [](SimulateOptions& o) -> auto& { return o.plant.stop_timeout; };
constexpr auto invisible_of = [](SimulateOptions& o) -> auto& {
    return o.plant.visibility_timeout;
};
constexpr auto delay_of = [](SimulateOptions& o) -> auto& { return o.readings.delay; };
constexpr auto noise_of = [](SimulateOptions& o) -> auto& { return o.readings.noise; };
constexpr auto price_of = [](SimulateOptions& o) -> auto& { return o.prices.task_hour; };
constexpr auto limit_of = [](SimulateOptions& o) -> auto& { return o.prices.wait_limit; };

constexpr std::array all_options{
    SimulateOption{"--trace", "FILE",
                   "what came in: CSV of time and messages, of times of messages, or what `run "
                   "--json` printed",
                   take_trace},
    SimulateOption{"--cloudwatch", "14d", "what came in by CloudWatch's account, of an SQS queue",
                   take_time<cloudwatch_of>},
    SimulateOption{"--generate", "SHAPE",
                   "what comes in, made up: daily:rate=10,peak=40,length=7d and the like",
                   take_generator},
    SimulateOption{"--against", "NAMES",
                   "peers beside it: aws, step, keda, original, buildkite, oracle, or all",
                   take_against},
    SimulateOption{"--seed", "N", "of all chance; the same one gives the same outcome (1)",
                   take_seed},
    SimulateOption{"--interval", "1s", "time between checks (1s)", take_time<apart_of>},
    SimulateOption{"--processing-time", "5s", "that a message takes, in the mean",
                   take_time<processing_of>},
    SimulateOption{"--variation", "1",
                   "of that, as its coefficient of variation: 0 for always the same (1)",
                   take_number<variation_of, 10>},
    SimulateOption{"--messages-per-task", "1", "that a task has in hand at a time (1)",
                   take_messages_per_task},
    SimulateOption{"--start-up", "45s,75s",
                   "of a task, from being asked for to work: median and 95th percentile (45s,75s)",
                   take_start_up},
    SimulateOption{
        "--scale-in", "HOW",
        "kill: at random; drain: what it has in hand first; protect: never at work (kill)",
        take_scale_in},
    SimulateOption{"--stop-timeout", "30s", "of a task that drains (30s)", take_time<stop_of>},
    SimulateOption{"--visibility-timeout", "30s",
                   "until another task gets what a killed one had (30s)", take_time<invisible_of>},
    SimulateOption{"--reading-delay", "30s", "how old the queue's counts are (0)",
                   take_time<delay_of>},
    SimulateOption{"--reading-noise", "0.2", "how approximate they are: deviation, as a share (0)",
                   take_number<noise_of, 2>},
    SimulateOption{"--initial-tasks", "10", "at the beginning (the fewest there may be)",
                   take_initial},
    SimulateOption{"--price", "0.04937",
                   "of a task-hour, in US dollars (Fargate's for 1 vCPU and 2 GB)",
                   take_number<price_of, 1000>},
    SimulateOption{"--wait-limit", "60s", "a wait that is too long (60s)", take_time<limit_of>},
    SimulateOption{"--html", "OUT.html", "write a page with charts, which needs nothing else",
                   take_html},
    SimulateOption{"--fail-if", "'p95_wait > 60s'",
                   "exit with 1 if this comes of it; may be given several times", take_condition},
    SimulateOption{"--sweep", "KEY=a,b,c", "each of these values of a setting: cost against wait",
                   take_sweep},
};

}  // namespace

std::span<const SimulateOption> simulate_options() { return all_options; }

Result<void> check_together(const SimulateOptions& options) {
    const int sources = (options.trace_file.empty() ? 0 : 1) + (options.cloudwatch ? 1 : 0) +
                        (options.generator.empty() ? 0 : 1);
    if (sources == 1) return {};
    return make_error(ErrorKind::invalid, "Usage",
                      sources == 0 ? "simulate needs messages: give --trace, --cloudwatch or "
                                     "--generate"
                                   : "give one of --trace, --cloudwatch and --generate");
}

std::string simulate_help() {
    std::string text =
        "fast-autoscaler simulate --config PLACE --trace FILE [OPTIONS]\n\n"
        "What the configured policy would have done with messages of the past, and what that "
        "would\n"
        "have cost, by the same decision as every check makes, on simulated time.\n\n";
    for (const SimulateOption& option : all_options) {
        text += fmt::format("  {:<28}{}\n", fmt::format("{} {}", option.name, option.value),
                            option.help);
    }
    return text +
           "  --json                      all of it as one JSON document\n\n"
           "Exit status: 0 done; 1 a --fail-if came true; 2 wrong usage, configuration or "
           "trace;\n3 its output could not be written. docs/simulate.md leads through it.\n";
}

}  // namespace fas::app
