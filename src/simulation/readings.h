// A queue as it is told: some time late, and for SQS approximately.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
#pragma once

#include <deque>

#include "simulation/plant.h"
#include "simulation/random.h"
#include "simulation/scaler.h"

namespace fas::simulation {

struct ReadingParameters {
    Seconds delay{0};  // how old what is read is
    double noise = 0;  // standard deviation of a count, as a share of it
};

class Readings {
  public:
    Readings(ReadingParameters parameters, std::uint64_t seed)
        : parameters_(parameters), random_(seed, Stream::readings) {}

    // Once a second at the least where readings are late.
    void remember(const Plant& plant, Seconds now);
    Sight read(const Plant& plant, Seconds now);

    bool are_late() const { return parameters_.delay > Seconds{0}; }

  private:
    struct Moment {
        Seconds at;
        Counts counts;
    };

    Messages approximately(Messages count);

    ReadingParameters parameters_;
    Random random_;
    std::deque<Moment> moments_;  // the oldest is the one that is read
};

}  // namespace fas::simulation
