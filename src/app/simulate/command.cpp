#include "app/simulate/command.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "app/complain.h"
#include "app/printing.h"
#include "app/simulate/contest.h"
#include "app/simulate/progress_line.h"
#include "app/simulate/sweep.h"
#include "app/simulate/trace_source.h"
#include "app/validate_command.h"
#include "simulation/comparison_json.h"
#include "simulation/page.h"
#include "simulation/table.h"

namespace fas::app {

namespace {

using simulation::Comparison;
using simulation::World;

ExitStatus cannot_simulate(const Error& error) {
    complain(error.message);
    return exit_usage;
}

World world_of(const SimulateOptions& options, const TargetSettings& settings, FoundTrace found) {
    World world{.trace = std::move(found.trace),
                .plant = options.plant,
                .readings = options.readings,
                .initial = options.initial.value_or(settings.rules.min_tasks),
                .seed = options.seed};
    if (found.processing_time) world.plant.work.mean = *found.processing_time;
    return world;
}

std::vector<std::string> notes_of(const SimulateOptions& options, const FoundTrace& found) {
    std::vector<std::string> notes = found.notes;
    if (!found.processing_time) {
        notes.push_back(fmt::format("a message was taken to need {:g} s: give --processing-time",
                                    options.plant.work.mean.count()));
    }
    return notes;
}

std::vector<simulation::Contestant> contest(const SimulateOptions& options,
                                            const TargetSettings& settings, const World& world) {
    ProgressLine line;
    std::vector<simulation::Contestant> contestants;
    contestants.push_back(
        run_program(settings, options, world, line.of(contestant_name(settings))));
    for (const std::string& name : options.against) {
        contestants.push_back(run_peer(name, settings, options, world, line.of(name)));
    }
    return contestants;
}

ExitStatus write_page(const std::string& file, const std::string& page) {
    std::FILE* const out = std::fopen(file.c_str(), "wb");
    const bool written =
        out != nullptr && std::fwrite(page.data(), 1, page.size(), out) == page.size();
    const bool closed = out != nullptr && std::fclose(out) == 0;
    if (written && closed) return exit_done;
    complain(fmt::format("cannot write the page {}: {}", file,
                         std::error_code{errno, std::generic_category()}.message()));
    return exit_output_failed;
}

// Says which of them came true.
bool fails(const SimulateOptions& options, const Comparison& comparison) {
    bool failed = false;
    for (const simulation::Condition& condition : options.fail_if) {
        if (!condition.holds_for(comparison.contestants.front().summary)) continue;
        complain(fmt::format("this came true: {}", condition.text));
        failed = true;
    }
    return failed;
}

// The page, where it was asked for, and then the text.
ExitStatus show(const SimulateOptions& options, const std::string& text, const std::string& page) {
    if (!options.html_file.empty()) {
        const ExitStatus status = write_page(options.html_file, page);
        if (status != exit_done) return status;
    }
    return print(text);
}

ExitStatus show_comparison(const SimulateOptions& options, bool json,
                           const Comparison& comparison) {
    const ExitStatus shown =
        show(options,
             json ? simulation::comparison_json(comparison) + "\n"
                  : simulation::comparison_table(comparison),
             options.html_file.empty() ? "" : simulation::comparison_page(comparison));
    if (shown != exit_done) return shown;
    return fails(options, comparison) ? exit_check_failed : exit_done;
}

ExitStatus show_frontier(const SimulateOptions& options, bool json,
                         const simulation::Frontier& frontier) {
    return show(
        options,
        json ? simulation::frontier_json(frontier) + "\n" : simulation::frontier_table(frontier),
        options.html_file.empty() ? "" : simulation::frontier_page(frontier));
}

}  // namespace

ExitStatus simulate(const SimulateOptions& options, bool json, LiveConfiguration& configuration,
                    Plumbing& plumbing) {
    if (const auto usable = check_together(options); !usable)
        return cannot_simulate(usable.error());
    const auto read = configuration.read(Purpose::decision);
    if (!std::holds_alternative<FleetSettings>(read) || !problems_of(read).empty()) {
        print_problems(problems_of(read));
        return exit_usage;
    }
    const auto& fleet = std::get<FleetSettings>(read);
    if (fleet.targets.size() != 1) {
        return cannot_simulate(make_error(ErrorKind::invalid, "Usage",
                                          "simulate takes a configuration of one target"));
    }
    const TargetSettings& settings = fleet.targets.front();
    auto found = find_trace(options, settings, fleet.process.sso_profile, plumbing);
    if (!found) return cannot_simulate(found.error());
    Comparison comparison{.prices = options.prices, .notes = notes_of(options, *found)};
    comparison.world = world_of(options, settings, std::move(*found));
    if (options.sweep) {
        const auto frontier = sweep(options, configuration, comparison.world);
        if (!frontier) return cannot_simulate(frontier.error());
        return show_frontier(options, json, *frontier);
    }
    comparison.contestants = contest(options, settings, comparison.world);
    return show_comparison(options, json, comparison);
}

}  // namespace fas::app
