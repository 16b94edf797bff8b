// Buildkite's agent scaler, with its messages as jobs and the tasks as instances: it adds what is
// needed and takes nothing away, since an agent that is idle for long enough ends its instance
// (PlantParameters::ends_when_idle). No work is lost, but whoever wants that writes his workers so.
// https://github.com/buildkite/buildkite-agent-scaler
#pragma once

#include "simulation/bounds.h"
#include "simulation/scaler.h"

namespace fas::simulation {

class Buildkite final : public Scaler {
  public:
    // How many messages a task takes at a time, at least 1.
    Buildkite(std::int64_t agents_per_instance, Bounds bounds)
        : agents_per_instance_(agents_per_instance), bounds_(bounds) {}

    Seconds next_look() const override { return next_look_; }
    std::optional<Wish> look(const Sight& sight) override;

  private:
    std::int64_t agents_per_instance_;
    Bounds bounds_;
    Seconds next_look_{0};
};

}  // namespace fas::simulation
