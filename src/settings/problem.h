// What is wrong with a configuration, for a person to mend.
#pragma once

#include <string>
#include <vector>

namespace fas::settings {

struct Problem {
    std::string key;      // "min_tasks", "step.step_adjustments[1].scaling_adjustment"; empty for a
                          // whole document
    std::string where;    // "environment variable MIN_TASKS", "file x.json", "event"; empty, or
                          // "missing in ...", for what is missing
    std::string value;    // as given, shortened; empty for a missing one
    std::string must_be;  // "an integer from 0 to 100000"; may be empty
    std::string hint;     // "did you mean max_tasks?"; may be empty

    bool operator==(const Problem&) const = default;
};

// One line: `min_tasks = "ten" (environment variable MIN_TASKS): must be an integer from 0 to
// 100000`.
std::string describe(const Problem& problem);

// A line each, of the first fifty, and how many more there are.
std::vector<std::string> problem_lines(const std::vector<Problem>& problems);

}  // namespace fas::settings
