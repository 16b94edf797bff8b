#include "reactor/timer.h"

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "reactor/wakeup.h"

namespace fas::reactor {

namespace {

std::uint64_t ms_until(SteadyTime when) {
    const auto left = when - std::chrono::steady_clock::now();
    if (left <= SteadyTime::duration::zero()) return 0;
    // libuv counts from its own clock cut to whole milliseconds, which may be almost one behind.
    const auto rounded = std::chrono::ceil<Milliseconds>(left) + Milliseconds(1);
    return static_cast<std::uint64_t>(rounded.count());
}

}  // namespace

Timer::Timer(uv_loop_t* loop, SteadyTime when, Wakeup& wakeup) : wakeup_(wakeup) {
    if (when == SteadyTime::max()) return;
    handle_.reset(new uv_timer_t{});
    uv_timer_init(loop, handle_.get());
    handle_->data = this;
    uv_update_time(loop);  // coroutines may have run for long since the loop last looked
    const auto wake = [](uv_timer_t* handle) {
        auto* timer = static_cast<Timer*>(handle->data);
        timer->fired_ = true;
        timer->wakeup_.wake();
    };
    uv_timer_start(handle_.get(), wake, ms_until(when), 0);
}

}  // namespace fas::reactor
