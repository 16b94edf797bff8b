// All that there is of a simulation, as one JSON document, for programs.
#pragma once

#include <string>

#include "simulation/summary.h"

namespace fas::simulation {

// {"trace": {...}, "plant": {...}, "readings": {...}, "prices": {...}, "initial_tasks": 1,
//  "seed": 1, "notes": [...], "contestants": [{"name": ..., "summary": {...}, "timeline": {...},
//  "changes": [...]},
//  ...]}
//
// What ends in _seconds is a number of seconds, of moments since the start; in _dollars, of US
// dollars; in _share, 0 to 1. A timeline is a list for each of its members, one number a stretch of
// stretch_seconds. What there is nothing of is null: `start` of a trace that was made and not
// measured, `ends_when_idle_seconds`, `cost_ratio` where no work was done, `note`,
// `follows` (a page's address) of the program itself, and `versus_oracle` where there is no oracle,
// and of itself.
std::string comparison_json(const Comparison& comparison);

}  // namespace fas::simulation
