// How long an operation may go on. Every operation of the reactor takes a Scope and ends with
// ErrorKind::cancelled soon after its stop is requested or its deadline passes, whichever is first.
#pragma once

#include <algorithm>
#include <stop_token>

#include "base/time.h"

namespace fas::reactor {

struct Scope {
    std::stop_token stop;                     // requested on the reactor's thread only
    SteadyTime deadline = SteadyTime::max();  // max: none

    // The same scope, ending no later than `limit` from now.
    Scope within(Milliseconds limit) const {
        return {stop, std::min(deadline, std::chrono::steady_clock::now() + limit)};
    }
};

}  // namespace fas::reactor
