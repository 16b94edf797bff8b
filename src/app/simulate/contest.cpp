#include "app/simulate/contest.h"

#include <utility>

#include "app/wiring.h"
#include "scaling/schedule.h"
#include "simulation/autoscaler.h"
#include "simulation/peers.h"

namespace fas::app {

namespace {

using simulation::Contestant;
using simulation::World;

Contestant summarised(Contestant contestant, const simulation::Prices& prices) {
    contestant.summary = simulation::summarise(contestant.outcome, prices);
    return contestant;
}

}  // namespace

std::string contestant_name(const TargetSettings& settings) {
    return std::string{name_of(settings.policy, fas::settings::policy_names)};
}

Contestant run_program(const TargetSettings& settings, const SimulateOptions& options,
                       const World& world, const simulation::Progress& progress) {
    simulation::Autoscaler scaler{
        {.mind = mind_of(settings),
         .interval = options.interval,
         .tasks_protect_themselves = world.plant.scale_in == simulation::ScaleIn::protect,
         .start = world.trace.start}};
    Contestant contestant{.name = contestant_name(settings)};
    contestant.outcome = simulate(world, scaler, progress);
    return summarised(std::move(contestant), options.prices);
}

Contestant run_peer(const std::string& name, const TargetSettings& settings,
                    const SimulateOptions& options, const World& world,
                    const simulation::Progress& progress, std::optional<double> value) {
    const simulation::Peer& peer = *simulation::find_peer(name);
    const scaling::Rules& rules = settings.rules;
    const simulation::Entrant entrant =
        peer.enter(world, {rules.min_tasks, rules.max_tasks}, value);
    Contestant contestant{.name = name,
                          .follows = std::string{peer.follows},
                          .note = std::string{peer.note},
                          .judged = peer.judged};
    contestant.outcome = simulate(world, entrant.plant, *entrant.scaler, progress);
    return summarised(std::move(contestant), options.prices);
}

}  // namespace fas::app
