// The program and its peers on the same messages.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/settings.h"
#include "app/simulate/options.h"
#include "simulation/simulation.h"
#include "simulation/summary.h"

namespace fas::app {

// What the program is called among its peers: by its policy.
std::string contestant_name(const TargetSettings& settings);

// What the program would have done.
simulation::Contestant run_program(const TargetSettings& settings, const SimulateOptions& options,
                                   const simulation::World& world,
                                   const simulation::Progress& progress);

// What one of its peers (simulation/peers.h) would have done, within the same bounds; with another
// value of its knob than the one that its users begin with.
simulation::Contestant run_peer(const std::string& name, const TargetSettings& settings,
                                const SimulateOptions& options, const simulation::World& world,
                                const simulation::Progress& progress,
                                std::optional<double> value = {});

}  // namespace fas::app
