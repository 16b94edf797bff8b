// A scaler that is shown what a test says, whenever it looks.
#pragma once

#include <utility>
#include <vector>

#include "simulation/scaler.h"

namespace fas::simulation {

// When a count was set, in seconds, and to how many.
using Settings = std::vector<std::pair<double, std::int64_t>>;

class Shown {
  public:
    Shown(Scaler& scaler, std::int64_t tasks) : scaler_(scaler) {
        sight.desired = {tasks};
        sight.running = {tasks};
    }

    // Lets it look until this moment, and at it. What it sets is there at once, but running only
    // where they start at once.
    Settings until(Seconds moment) {
        Settings settings;
        while (scaler_.next_look() <= moment) {
            sight.now = scaler_.next_look();
            const std::optional<Wish> wish = scaler_.look(sight);
            if (!wish) continue;
            sight.desired = wish->desired;
            if (start_at_once) sight.running = wish->desired;
            settings.emplace_back(sight.now.count(), wish->desired.value);
        }
        return settings;
    }

    Sight sight;
    bool start_at_once = true;

  private:
    Scaler& scaler_;
};

}  // namespace fas::simulation
