// What `simulate` can be told on the command line.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "simulation/condition.h"
#include "simulation/plant.h"
#include "simulation/readings.h"
#include "simulation/summary.h"

namespace fas::app {

// The frontier of a setting's values.
struct Sweep {
    std::string key;
    std::vector<std::string> values;
};

struct SimulateOptions {
    // Where the messages come from: one of the three.
    std::string trace_file;
    std::string generator;              // simulation/generator.h
    std::optional<Seconds> cloudwatch;  // so much of the queue's own past

    std::vector<std::string> against;  // peers, by name
    std::uint64_t seed = 1;
    Seconds interval{1};  // between checks

    // Of the service. The mean is that of the options, else what the trace tells, else the
    // configuration's mean_processing_time.
    std::optional<Seconds> processing_time;
    simulation::PlantParameters plant;
    simulation::ReadingParameters readings;
    std::optional<Tasks> initial;  // tasks at the beginning; absent: the fewest there may be
    simulation::Prices prices;

    std::string html_file;
    std::vector<simulation::Condition> fail_if;
    std::optional<Sweep> sweep;
};

struct SimulateOption {
    std::string_view name;
    std::string_view value;  // what stands for it in the help
    std::string_view help;
    // Errors: an empty message, or what the value must be.
    std::string (*apply)(SimulateOptions& options, std::string_view value);
};

std::span<const SimulateOption> simulate_options();

// Errors: invalid, for what is missing or does not go together.
Result<void> check_together(const SimulateOptions& options);

// For --help.
std::string simulate_help();

}  // namespace fas::app
