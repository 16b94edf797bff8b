#include "simulation/readings.h"

#include <algorithm>
#include <cmath>

namespace fas::simulation {

void Readings::remember(const Plant& plant, Seconds now) {
    moments_.push_back({now, plant.counts(now)});
    while (moments_.size() > 1 && moments_[1].at <= now - parameters_.delay) moments_.pop_front();
}

// An empty queue is told as one.
Messages Readings::approximately(Messages count) {
    if (parameters_.noise <= 0 || count == Messages{0}) return count;
    const double told =
        static_cast<double>(count.value) * (1.0 + parameters_.noise * random_.normal());
    return {std::max(std::int64_t{0}, static_cast<std::int64_t>(std::llround(told)))};
}

Sight Readings::read(const Plant& plant, Seconds now) {
    const Counts counts = plant.counts(now);
    if (are_late()) remember(plant, now);
    const Counts& told = are_late() ? moments_.front().counts : counts;
    return {.now = now,
            .visible = approximately(told.visible),
            .in_flight = approximately(told.in_flight),
            .oldest_age = told.oldest_age,
            .sent = told.sent,
            .received = told.received,
            .deleted = told.deleted,
            .desired = counts.desired,
            .running = counts.running,
            .pending = counts.pending,
            .busy = counts.busy};
}

}  // namespace fas::simulation
