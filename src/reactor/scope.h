// How long an operation may go on. Every operation of the reactor takes a Scope and ends with
// ErrorKind::cancelled soon after its stop is requested or its deadline passes, whichever is first.
#pragma once

#include <algorithm>
#include <chrono>
#include <stop_token>
#include <string_view>

#include "base/error.h"
#include "base/time.h"
#include "reactor/loop_time.h"

namespace fas::reactor {

struct Scope {
    std::stop_token stop;                     // requested on the reactor's thread only
    SteadyTime deadline = SteadyTime::max();  // max: none
    // Requested: what fails is not tried again, and what waits for its turn is not sent. What was
    // sent is waited for.
    std::stop_token no_more;

    // The same scope, ending no later than `limit` from now.
    Scope within(Milliseconds limit) const {
        // Longer than a process lives, and far from where the clock's arithmetic overflows.
        const Milliseconds bounded = std::min<Milliseconds>(limit, std::chrono::years(10));
        return {stop, std::min(deadline, now() + bounded), no_more};
    }

    bool over() const { return stop.stop_requested() || now() >= deadline; }
};

// The error of an operation that its scope ended: "stopped" or "deadline passed", then `during`
// ("while waiting for 500 ms"). Code: "Stopped" or "DeadlinePassed".
Error cancelled(const Scope& scope, std::string_view during);

}  // namespace fas::reactor
