#include "reactor/timer.h"

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "reactor/wakeup.h"

namespace fas::reactor {

namespace {

std::uint64_t ms_until(SteadyTime when) {
    const auto left = when - now();
    if (left <= SteadyTime::duration::zero()) return 0;
    // libuv counts from its own clock cut to whole milliseconds, which may be almost one behind.
    const auto rounded = std::chrono::ceil<Milliseconds>(left) + Milliseconds(1);
    return static_cast<std::uint64_t>(rounded.count());
}

}  // namespace

Timer::Timer(uv_loop_t* loop, SteadyTime when, Wakeup& wakeup) : wakeup_(wakeup) {
    if (when == SteadyTime::max()) return;
    if (SimulatedTime* time = SimulatedTime::current()) {
        simulated_ = time->add(when, *this);
        return;
    }
    handle_.reset(new uv_timer_t{});
    uv_timer_init(loop, handle_.get());
    handle_->data = this;
    uv_update_time(loop);  // coroutines may have run for long since the loop last looked
    const auto fire = [](uv_timer_t* handle) { static_cast<Timer*>(handle->data)->fire(); };
    uv_timer_start(handle_.get(), fire, ms_until(when), 0);
}

Timer::~Timer() {
    if (simulated_ && !fired_) SimulatedTime::current()->remove(*simulated_);
}

void Timer::fire() {
    fired_ = true;
    wakeup_.wake();
}

}  // namespace fas::reactor
