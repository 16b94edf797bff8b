// The program as a simulation has it: the decision that its checks make, and what a check does
// around it.
#pragma once

#include "scaling/judge.h"
#include "simulation/scaler.h"

namespace fas::simulation {

// What the queue's kind tells of itself, beside the messages that wait.
struct Told {
    bool in_flight = true;
    bool oldest_age = false;
    bool rates = false;
};

struct AutoscalerParameters {
    scaling::Mind mind;
    Seconds interval{1};
    Told told;
    bool tasks_protect_themselves = false;
    TimePoint start;  // of the simulation, for schedules
};

class Autoscaler final : public Scaler {
  public:
    explicit Autoscaler(AutoscalerParameters parameters) : parameters_(std::move(parameters)) {}

    Seconds next_look() const override { return next_look_; }
    std::optional<Wish> look(const Sight& sight) override;

  private:
    scaling::Situation situation(const Sight& sight) const;
    TimePoint time_of(Seconds moment) const;

    AutoscalerParameters parameters_;
    Seconds next_look_{0};
    scaling::Memory memory_;
    scaling::History history_{scaling::Never{}, scaling::Never{}};
    Seconds last_look_{0};
    std::uint64_t sent_before_ = 0;
    std::uint64_t received_before_ = 0;
};

}  // namespace fas::simulation
