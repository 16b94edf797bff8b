// Who knows what will come: the limit of what a scaler could reach. It has as many tasks ready as
// would be busy if no message ever waited, and gives each one back when it is needed no more.
#pragma once

#include <string_view>
#include <vector>

#include "simulation/arrivals.h"
#include "simulation/plant.h"
#include "simulation/scaler.h"
#include "simulation/trace.h"

namespace fas::simulation {

inline constexpr std::string_view oracle_name = "oracle";

class Oracle final : public Scaler {
  public:
    // The messages of this trace with this seed, as Arrivals has them.
    Oracle(const Trace& trace, const PlantParameters& plant, Tasks min, Tasks max,
           std::uint64_t seed);

    Seconds next_look() const override { return next_look_; }
    std::optional<Wish> look(const Sight& sight) override;

  private:
    void learn(const Trace& trace, const PlantParameters& plant, std::uint64_t seed);
    double most_busy(Seconds from, Seconds to) const;

    Seconds ahead_;  // how far: what starts now is ready by then
    Tasks min_;
    Tasks max_;
    double messages_per_task_;
    std::vector<std::int32_t> busy_;  // the most messages in hand in each second, if none waited
    Seconds next_look_{0};
};

}  // namespace fas::simulation
