#include "app/watchdog.h"

#include <algorithm>
#include <utility>

namespace fas::app {

namespace {

// As often as the service manager wants to hear of it twice, and often enough to notice.
Milliseconds interval_of(const ServiceManager& manager, Milliseconds still_max) {
    const Milliseconds asked = manager.alive_interval().value_or(still_max);
    return std::max(std::min(asked, still_max) / 4, Milliseconds{1});
}

}  // namespace

Watchdog::Watchdog(reactor::Reactor& reactor, Output& err, ServiceManager manager,
                   Milliseconds still_max)
    : reactor_(reactor),
      manager_(std::move(manager)),
      still_max_(still_max),
      interval_(interval_of(manager_, still_max)),
      log_(LogLevel::info, err),
      thread_(&Watchdog::watch, this) {}

Watchdog::~Watchdog() {
    {
        const std::lock_guard lock(mutex_);
        ends_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

reactor::Task<Result<void>> Watchdog::beat(reactor::Scope scope) {
    bool rested = true;
    while (rested) {
        ++beats_;
        manager_.alive();
        const auto slept = co_await reactor_.sleep_for(interval_, scope);
        rested = slept.has_value();
    }
    co_return Result<void>{};
}

// By how often it has looked in vain, and not by a clock: where the whole process was stopped, the
// loop was not the one that stood still.
void Watchdog::watch() {
    std::uint64_t seen = 0;
    Milliseconds still{0};
    bool said = false;
    std::unique_lock lock(mutex_);
    while (!changed_.wait_for(lock, interval_, [this] { return ends_; })) {
        const std::uint64_t beats = beats_;
        still = beats == seen ? still + interval_ : Milliseconds{0};
        seen = beats;
        if (still >= still_max_ && !std::exchange(said, true)) {
            log_.write(LogLevel::error,
                       "the loop has not turned for a while: nothing is checked or scaled; if this "
                       "lasts, restart the process and report what it was doing",
                       {{"seconds", std::int64_t{still.count() / 1'000}}});
        } else if (still == Milliseconds{0} && std::exchange(said, false)) {
            log_.write(LogLevel::info, "the loop turns again", {});
        }
    }
}

}  // namespace fas::app
