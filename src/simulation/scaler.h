// Who decides how many tasks there should be: the program itself (autoscaler.h), or one of its
// peers (peers/), each with what it may see and when it looks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/count.h"
#include "base/time.h"

namespace fas::simulation {

// What there is to see. The queue's part may be late or approximate (readings.h).
struct Sight {
    Seconds now{0};
    Messages visible;
    Messages in_flight;
    Seconds oldest_age{0};   // of the oldest that waits; 0 where none does
    std::uint64_t sent = 0;  // messages, since the start
    std::uint64_t received = 0;
    std::uint64_t deleted = 0;

    Tasks desired;
    Tasks running;
    Tasks pending;
    Tasks busy;  // running, with a message in hand
};

struct Wish {
    Tasks desired;
    std::string reason;  // for a person
};

class Scaler {
  public:
    virtual ~Scaler() = default;

    // When it looks next; never before it looked last. Seconds::max(): never again.
    virtual Seconds next_look() const = 0;

    // What it makes of what it sees at that moment: another count, or nothing.
    virtual std::optional<Wish> look(const Sight& sight) = 0;
};

}  // namespace fas::simulation
