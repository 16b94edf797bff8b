// Wakes a waiting coroutine at a point in time. One thread.
#pragma once

#include <uv.h>

#include <optional>

#include "base/time.h"
#include "reactor/loop_time.h"
#include "reactor/uv_handle.h"

namespace fas::reactor {

class Wakeup;

class Timer {
  public:
    // Wakes `wakeup` at `when` or up to two milliseconds later, never earlier; soon, when that is
    // past; never, when it is SteadyTime::max(). The wakeup must outlive the timer.
    Timer(uv_loop_t* loop, SteadyTime when, Wakeup& wakeup);
    ~Timer();
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;

    bool fired() const { return fired_; }

  private:
    friend class SimulatedTime;
    void fire();

    Wakeup& wakeup_;
    bool fired_ = false;
    UvHandle<uv_timer_t> handle_;
    std::optional<SimulatedTime::Place> simulated_;  // in place of the handle
};

}  // namespace fas::reactor
