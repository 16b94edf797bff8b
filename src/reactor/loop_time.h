// The steady clock that everything on the loop goes by: timers, deadlines, ages.
#pragma once

#include <cstdint>
#include <map>
#include <utility>

#include "base/time.h"

namespace fas::reactor {

class Timer;

// The time now of this thread's loop.
SteadyTime now();

// While one exists, the time of its thread's loop is simulated: it stands still as long as anything
// can go on, then jumps to the next timer. So hours of a fleet's life pass in a test in seconds,
// the same each time. For tasks that wait for timers and each other: it knows nothing of sockets.
class SimulatedTime {
  public:
    SimulatedTime();  // one at a time a thread, outside Reactor::run()
    ~SimulatedTime();
    SimulatedTime(const SimulatedTime&) = delete;
    SimulatedTime& operator=(const SimulatedTime&) = delete;

    // Null: the time is real.
    static SimulatedTime* current();

    SteadyTime now() const { return now_; }

    // For Timer: it fires at `when`, in the order of their making where several do.
    using Place = std::pair<SteadyTime, std::uint64_t>;
    Place add(SteadyTime when, Timer& timer);
    void remove(const Place& place) { timers_.erase(place); }

    // For Reactor: jumps to the next timer and fires it. False where there is none.
    bool advance();

  private:
    SteadyTime now_{std::chrono::hours{1}};
    std::uint64_t made_ = 0;
    std::map<Place, Timer*> timers_;
};

}  // namespace fas::reactor
