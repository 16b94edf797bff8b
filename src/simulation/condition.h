// What must not come of a simulation, so that a pipeline can stop: 'p95_wait > 60s'.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "simulation/summary.h"

namespace fas::simulation {

struct Condition {
    double (*figure)(const Summary&) = nullptr;
    bool above = true;      // the figure must not be above the limit; else, below it
    bool or_equal = false;  // nor equal to it
    double limit = 0;
    std::string text;  // as it was given

    bool holds_for(const Summary& summary) const;
};

// A figure's name, one of > >= < <=, and a number: a duration for a wait, a number or a percentage
// for a share, a number for the rest. Errors: invalid, with the figures there are.
Result<Condition> parse_condition(std::string_view text);

}  // namespace fas::simulation
