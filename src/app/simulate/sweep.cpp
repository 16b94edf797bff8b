#include "app/simulate/sweep.h"

#include <fmt/format.h>

#include <cmath>
#include <string>
#include <utility>
#include <variant>

#include "app/simulate/contest.h"
#include "app/simulate/progress_line.h"
#include "base/json_writer.h"
#include "base/parse_number.h"
#include "simulation/peers.h"

namespace fas::app {

namespace {

using simulation::Contestant;
using simulation::FrontierLine;
using simulation::FrontierPoint;

constexpr int values_of_a_knob = 6;

FrontierPoint point_of(std::string value, const Contestant& contestant) {
    return {std::move(value), contestant.summary.cost, contestant.summary.wait_p99};
}

// The event of a Lambda is the place that wins over all others.
Document document_of(const std::string& key, const std::string& value) {
    JsonWriter json;
    json.begin_object().key("config").begin_object().key(key);
    const auto number = parse_number<double>(value);
    if (number && std::isfinite(*number)) {
        json.value(*number);
    } else if (value == "true" || value == "false") {
        json.value(value == "true");
    } else {
        json.value(std::string_view{value});
    }
    json.end_object().end_object();
    return {"--sweep", json.take()};
}

Result<TargetSettings> with_value(const LiveConfiguration& configuration, const std::string& key,
                                  const std::string& value) {
    const auto read = configuration.what_if(Purpose::decision, document_of(key, value));
    const auto problems = problems_of(read);
    if (!problems.empty()) {
        return make_error(ErrorKind::invalid, "Usage", describe(problems.front()));
    }
    return std::get<FleetSettings>(read).targets.front();
}

// Of equal ratios, from the least to the most.
std::vector<double> values_of(const simulation::Knob& knob) {
    std::vector<double> values;
    for (int i = 0; i < values_of_a_knob; ++i) {
        const double share = static_cast<double>(i) / (values_of_a_knob - 1);
        values.push_back(knob.least * std::pow(knob.most / knob.least, share));
    }
    return values;
}

FrontierLine line_of_peer(const std::string& name, const TargetSettings& settings,
                          const SimulateOptions& options, const simulation::World& world,
                          ProgressLine& progress) {
    const simulation::Knob& knob = simulation::find_peer(name)->knob;
    FrontierLine line{.name = name, .points = {}};
    if (knob.name.empty()) {
        line.points.push_back(
            point_of("", run_peer(name, settings, options, world, progress.of(name))));
        return line;
    }
    for (const double value : values_of(knob)) {
        std::string text = fmt::format("{} {:.3g}", knob.name, value);
        const auto ran = run_peer(name, settings, options, world, progress.of(name), value);
        line.points.push_back(point_of(std::move(text), ran));
    }
    return line;
}

}  // namespace

Result<simulation::Frontier> sweep(const SimulateOptions& options,
                                   const LiveConfiguration& configuration,
                                   const simulation::World& world) {
    const auto& [key, values] = *options.sweep;
    simulation::Frontier frontier{.key = key, .lines = {}};
    FrontierLine own;
    ProgressLine progress;
    for (const std::string& value : values) {
        const auto settings = with_value(configuration, key, value);
        if (!settings) return settings.error();
        own.name = contestant_name(*settings);
        const std::string doing = fmt::format("{} = {}", key, value);
        own.points.push_back(
            point_of(value, run_program(*settings, options, world, progress.of(doing))));
    }
    frontier.lines.push_back(std::move(own));
    const auto settings = with_value(configuration, key, values.front());
    for (const std::string& name : options.against) {
        frontier.lines.push_back(line_of_peer(name, *settings, options, world, progress));
    }
    return frontier;
}

}  // namespace fas::app
