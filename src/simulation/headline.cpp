#include "simulation/headline.h"

#include <fmt/format.h>

#include "simulation/figures.h"

namespace fas::simulation {

std::string headline(const Comparison& comparison) {
    std::string text;
    for (const Contestant& one : comparison.contestants) {
        if (!one.judged) continue;
        const std::string wait = duration_text(one.summary.wait_p99);
        const std::string cost = money_text(one.summary.cost);
        text += text.empty() ? fmt::format("{} would have kept p99 of the waits at {} for {}",
                                           one.name, wait, cost)
                             : fmt::format("; {} {} for {}", one.name, wait, cost);
    }
    return text;
}

}  // namespace fas::simulation
