// The figures by which contestants are compared, said once: for the table at a terminal and for the
// page. Of each, less is better.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "simulation/summary.h"

namespace fas::simulation {

struct Column {
    std::string heading;                                            // short: "p99", "killed"
    std::string says;                                               // a sentence
    std::function<std::optional<double>(const Contestant&)> value;  // nothing: there is none
    std::string (*text)(double value);

    std::string text_of(const Contestant& contestant) const;  // "-" where there is none
};

// How long messages waited. The comparison must outlive them.
std::vector<Column> wait_columns(const Comparison& comparison);
// What that took: task-hours, money, changes and work that was killed.
std::vector<Column> cost_columns(const Comparison& comparison);

}  // namespace fas::simulation
