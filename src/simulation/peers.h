// The peers that a policy is compared with: who they are, what they follow, and how each enters a
// simulation. What a peer is to know of the service it is told out of the world, as its documents
// tell a user to do.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "simulation/bounds.h"
#include "simulation/plant.h"
#include "simulation/scaler.h"
#include "simulation/simulation.h"

namespace fas::simulation {

// The one setting that matters most, by its name in the peer's documents.
struct Knob {
    std::string_view name;  // empty: there is none
    double initial = 0;     // where a user says nothing
    double least = 0;       // of what is worth a sweep
    double most = 0;
};

// A peer made ready: with the plant as it needs it.
struct Entrant {
    std::unique_ptr<Scaler> scaler;
    PlantParameters plant;
};

struct Peer {
    std::string_view name;     // as a user writes it
    std::string_view title;    // as a person knows it
    std::string_view follows;  // the page that it is made by; empty: it exists nowhere
    std::string_view note;     // what is not documented, or not comparable; for a person
    bool judged;               // false: shown beside the others
    Knob knob;
    Entrant (*make)(const World& world, Bounds bounds, double value);

    // `value` of the knob, above 0. The world need not outlive what is made.
    Entrant enter(const World& world, Bounds bounds, std::optional<double> value = {}) const {
        return make(world, bounds, value.value_or(knob.initial));
    }
};

std::span<const Peer> peers();
const Peer* find_peer(std::string_view name);  // nothing where none has that name

}  // namespace fas::simulation
