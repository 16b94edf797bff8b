#include "settings/problem.h"

#include <fmt/format.h>

namespace fas::settings {

std::string describe(const Problem& problem) {
    std::string line = problem.key;
    if (!problem.value.empty()) line += " = " + problem.value;
    if (problem.key.empty()) {
        line += problem.where;
    } else {
        line += problem.where.empty() ? " is missing" : " (" + problem.where + ")";
    }
    if (!problem.must_be.empty()) line += ": must be " + problem.must_be;
    if (!problem.hint.empty()) line += (problem.must_be.empty() ? ": " : "; ") + problem.hint;
    return line;
}

std::vector<std::string> problem_lines(const std::vector<Problem>& problems) {
    constexpr std::size_t lines_max = 50;
    std::vector<std::string> lines;
    for (const Problem& problem : problems) {
        if (lines.size() == lines_max) {
            lines.push_back(fmt::format("and {} more", problems.size() - lines_max));
            break;
        }
        lines.push_back(describe(problem));
    }
    return lines;
}

}  // namespace fas::settings
