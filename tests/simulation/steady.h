// Scalers and worlds for the tests of this room.
#pragma once

#include "simulation/simulation.h"

namespace fas::simulation {

// Looks once, and sets what it was made with.
class Fixed final : public Scaler {
  public:
    explicit Fixed(Tasks tasks) : tasks_(tasks) {}
    Seconds next_look() const override { return next_look_; }
    std::optional<Wish> look(const Sight&) override {
        next_look_ = Seconds::max();
        return Wish{tasks_, "as it was made"};
    }

  private:
    Tasks tasks_;
    Seconds next_look_{0};
};

// Poisson arrivals at one rate for so long.
inline Trace steady_trace(double per_second, Seconds length) {
    const Seconds bin{60};
    const auto bins = static_cast<std::size_t>(length / bin);
    return {.start = {}, .bin = bin, .counts = std::vector<double>(bins, per_second * 60)};
}

}  // namespace fas::simulation
