#include "reactor/loop_time.h"

#include <algorithm>
#include <cassert>

#include "reactor/timer.h"

namespace fas::reactor {

namespace {

thread_local SimulatedTime* simulated = nullptr;

}  // namespace

SteadyTime now() {
    return simulated == nullptr ? std::chrono::steady_clock::now() : simulated->now();
}

SimulatedTime::SimulatedTime() {
    assert(simulated == nullptr);
    simulated = this;
}

SimulatedTime::~SimulatedTime() { simulated = nullptr; }

SimulatedTime* SimulatedTime::current() { return simulated; }

SimulatedTime::Place SimulatedTime::add(SteadyTime when, Timer& timer) {
    const Place place{when, made_++};
    timers_.emplace(place, &timer);
    return place;
}

bool SimulatedTime::advance() {
    if (timers_.empty()) return false;
    const auto next = timers_.begin();
    now_ = std::max(now_, next->first.first);
    Timer& timer = *next->second;
    timers_.erase(next);
    timer.fire();
    return true;
}

}  // namespace fas::reactor
