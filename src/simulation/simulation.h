// A scaler, a plant and a trace on simulated time: what would have come of it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/count.h"
#include "base/time.h"
#include "simulation/plant.h"
#include "simulation/readings.h"
#include "simulation/scaler.h"
#include "simulation/trace.h"

namespace fas::simulation {

struct World {
    Trace trace;
    PlantParameters plant;
    ReadingParameters readings;
    Tasks initial{1};  // tasks that run at the beginning
    std::uint64_t seed = 1;
};

struct Change {
    Seconds at;
    Tasks from;
    Tasks to;
    std::string reason;
};

// A stretch of time, one of timeline_points of the whole.
struct Stretch {
    Messages most_visible;
    Messages in_flight;  // at its end
    Tasks desired;       // at its end
    Tasks running;       // at its end
    Seconds longest_wait{0};
};

inline constexpr std::size_t timeline_points = 480;

struct Outcome {
    Tally tally;
    Seconds length{0};  // of the trace, and of what it took to work off what was left
    std::vector<Change> changes;
    std::vector<Stretch> timeline;
    Seconds stretch{0};  // how long each is
};

// Called now and then, with the share that is done, 0 to 1.
using Progress = std::function<void(double)>;

// Until the trace is over and its messages are done, or an hour after the trace.
Outcome simulate(const World& world, Scaler& scaler, const Progress& progress = {});

// The same with another plant than the world's, as a peer needs it (peers.h).
Outcome simulate(const World& world, const PlantParameters& plant, Scaler& scaler,
                 const Progress& progress);

}  // namespace fas::simulation
