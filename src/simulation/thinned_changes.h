// Changes for a person: a busy autoscaler makes thousands a day, and a chart has room for some
// hundred.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "simulation/simulation.h"

namespace fas::simulation {

// Some changes that are near each other. It points into what it was made of.
struct ChangeGroup {
    Seconds first{0};
    Seconds last{0};
    std::size_t count = 0;
    const Change* largest = nullptr;  // by how many tasks; of several, the first
};

// In order; none is longer than `near`.
std::vector<ChangeGroup> thinned(const std::vector<Change>& changes, Seconds near);

// The largest, at most so many, in the order in which they came.
std::vector<const Change*> largest_of(const std::vector<Change>& changes, std::size_t most);

// "3 -> 12: ...", where a reason is longer than 200 characters with its beginning alone.
std::string change_text(const Change& change);
std::string quantity_of_changes(std::size_t number);

}  // namespace fas::simulation
