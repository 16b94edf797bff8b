// The lists `targets` and `discover` of a configuration: many targets, each with what it inherits.
#pragma once

#include <optional>

#include "settings/read_settings.h"
#include "settings/target_object.h"

namespace fas::settings {

struct FleetList {
    json::Value value;
    Layer layer;  // of the object that it stands in
};

struct FleetLists {
    std::optional<FleetList> targets;
    std::optional<FleetList> discover;
};

// Adds what the lists say to the fleet. `top` is what everything in them inherits from, and where
// their problems go.
void read_fleet_lists(const FleetLists& lists, const Draft& top, Purpose purpose,
                      FleetSettings& fleet);

}  // namespace fas::settings
