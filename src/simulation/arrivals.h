// The messages of a trace, one after the other, each with the work that it makes. They are the same
// for everyone who is shown the same seed.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/time.h"
#include "simulation/random.h"
#include "simulation/trace.h"

namespace fas::simulation {

struct Message {
    Seconds came{0};     // when it was sent, since the start
    Seconds work{0};     // how long a task has it in hand
    bool begun = false;  // a task has had it in hand before
};

struct Work {
    Seconds mean{5};
    double variation = 1;  // coefficient of variation: 0 is constant, 1 exponential
};

class Arrivals {
  public:
    // The trace must outlive it.
    Arrivals(const Trace& trace, Work work, std::uint64_t seed);

    const std::optional<Message>& next() const { return next_; }  // nothing: there are no more
    Message take();                                               // only while there is a next one

  private:
    void advance();
    bool fill();

    const Trace* trace_;
    Work work_;
    Random moments_random_;
    Random work_random_;
    std::size_t position_ = 0;     // the next bin, or moment
    double carried_ = 0;           // of a message, from the bins before
    std::vector<Seconds> in_bin_;  // the latest first
    std::optional<Message> next_;
};

}  // namespace fas::simulation
