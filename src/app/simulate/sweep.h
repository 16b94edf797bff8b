// `simulate --sweep`: what each of several values of a setting costs, and how long messages wait.
#pragma once

#include "app/live_configuration.h"
#include "app/simulate/options.h"
#include "base/result.h"
#include "simulation/frontier.h"
#include "simulation/simulation.h"

namespace fas::app {

// The program with each value of the options' sweep, in place of what the configuration says, and
// each peer with values of its own knob (simulation/peers.h) over its whole range. Errors: invalid,
// for a value that the setting does not accept.
Result<simulation::Frontier> sweep(const SimulateOptions& options,
                                   const LiveConfiguration& configuration,
                                   const simulation::World& world);

}  // namespace fas::app
