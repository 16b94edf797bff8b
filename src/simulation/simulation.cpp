#include "simulation/simulation.h"

#include <algorithm>
#include <utility>

#include "simulation/arrivals.h"

namespace fas::simulation {

namespace {

constexpr Seconds to_work_off{3600};
constexpr int glances_a_stretch = 8;
constexpr Seconds glances_apart_min{0.001};  // of a trace that is hardly longer than a moment

class Simulation {
  public:
    Simulation(const World& world, const PlantParameters& plant, Scaler& scaler,
               const Progress& progress)
        : trace_length_(world.trace.length()),
          scaler_(scaler),
          progress_(progress),
          arrivals_(world.trace, plant.work, world.seed),
          plant_(plant, world.initial, world.seed),
          readings_(world.readings, world.seed),
          glance_apart_(
              std::max(glances_apart_min,
                       trace_length_ / static_cast<double>(timeline_points * glances_a_stretch))) {
        outcome_.stretch = glance_apart_ * glances_a_stretch;
        if (readings_.are_late()) glance_apart_ = std::min(glance_apart_, Seconds{1});
        outcome_.timeline.reserve(timeline_points + 1);
    }

    Outcome run();

  private:
    void look(Seconds now);
    void glance(Seconds now);
    bool is_over(Seconds now) const;

    Seconds trace_length_;
    Scaler& scaler_;
    const Progress& progress_;
    Arrivals arrivals_;
    Plant plant_;
    Readings readings_;
    Seconds glance_apart_;
    Seconds next_glance_{0};
    Outcome outcome_;
};

// Of things at one moment, what happens by itself comes first, and who looks sees all of it.
Outcome Simulation::run() {
    Seconds now{0};
    while (!is_over(now)) {
        const Seconds arrival = arrivals_.next() ? arrivals_.next()->came : Seconds::max();
        const Seconds event = plant_.next();
        const Seconds by_itself = std::min(arrival, event);
        const Seconds seen = std::min(next_glance_, scaler_.next_look());
        now = std::min(by_itself, seen);
        if (by_itself <= seen) {
            if (arrival <= event) {
                plant_.send(arrivals_.take(), now);
            } else {
                plant_.advance();
            }
        } else if (next_glance_ <= scaler_.next_look()) {
            glance(now);
        } else {
            look(now);
        }
    }
    outcome_.length = now;
    outcome_.tally = plant_.finish(now);
    return std::move(outcome_);
}

bool Simulation::is_over(Seconds now) const {
    if (arrivals_.next() || now < trace_length_) return false;
    return plant_.is_empty() || now >= trace_length_ + to_work_off;
}

void Simulation::look(Seconds now) {
    const Sight sight = readings_.read(plant_, now);
    std::optional<Wish> wish = scaler_.look(sight);
    if (!wish || wish->desired == sight.desired) return;
    outcome_.changes.push_back({now, sight.desired, wish->desired, std::move(wish->reason)});
    plant_.set_desired(wish->desired, now);
}

void Simulation::glance(Seconds now) {
    next_glance_ = now + glance_apart_;
    if (readings_.are_late()) readings_.remember(plant_, now);
    const auto index = static_cast<std::size_t>(now / outcome_.stretch);
    const bool begins = outcome_.timeline.size() <= index;
    if (begins) outcome_.timeline.resize(index + 1);
    Stretch& stretch = outcome_.timeline.back();
    const Counts counts = plant_.counts(now);
    stretch.most_visible = std::max(stretch.most_visible, counts.visible);
    stretch.in_flight = counts.in_flight;
    stretch.desired = counts.desired;
    stretch.running = counts.running;
    stretch.longest_wait = std::max(stretch.longest_wait, plant_.longest_wait_since_last_asked());
    if (begins && progress_) progress_(std::min(1.0, now / trace_length_));
}

}  // namespace

Outcome simulate(const World& world, Scaler& scaler, const Progress& progress) {
    return simulate(world, world.plant, scaler, progress);
}

Outcome simulate(const World& world, const PlantParameters& plant, Scaler& scaler,
                 const Progress& progress) {
    return Simulation{world, plant, scaler, progress}.run();
}

}  // namespace fas::simulation
