#include "simulation/headline.h"

#include <fmt/format.h>

#include "simulation/figures.h"

namespace fas::simulation {

Headline headline_of(const Comparison& comparison) {
    Headline headline;
    for (const Contestant& one : comparison.contestants) {
        if (!one.judged) continue;
        const std::string wait = duration_text(one.summary.wait_p99);
        const std::string cost = money_text(one.summary.cost);
        if (headline.own.empty()) {
            headline.own = fmt::format("{} would have kept p99 of the waits at {} for {}", one.name,
                                       wait, cost);
        } else {
            headline.peers += fmt::format("{}{}: {} for {}", headline.peers.empty() ? "" : "; ",
                                          one.name, wait, cost);
        }
    }
    return headline;
}

}  // namespace fas::simulation
