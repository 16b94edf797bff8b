// Comparisons for the tests of what is shown of one.
#pragma once

#include "simulation/peers/oracle.h"
#include "simulation/summary.h"

namespace fas::simulation {

inline Contestant contestant_of(std::string name, double p99, double cost) {
    Contestant one;
    one.name = std::move(name);
    one.summary = {.messages = 3600,
                   .wait_mean = Seconds{p99 / 10},
                   .wait_p50 = Seconds{0},
                   .wait_p95 = Seconds{p99 / 4},
                   .wait_p99 = Seconds{p99},
                   .wait_max = Seconds{p99 * 3},
                   .over_limit = 0.004,
                   .task_hours = cost / 0.05,
                   .cost = cost,
                   .cost_ratio = 1.5,
                   .changes = 2,
                   .changes_a_day = 48};
    one.outcome.length = Seconds{3600};
    one.outcome.stretch = Seconds{900};
    one.outcome.changes = {{.at = Seconds{600}, .from = {1}, .to = {8}, .reason = "8 < 9 & \"so\""},
                           {.at = Seconds{1800}, .from = {8}, .to = {2}, .reason = "it is over"}};
    one.outcome.timeline = {{{0}, {1}, {1}, {1}, Seconds{0}},
                            {{40}, {8}, {8}, {3}, Seconds{p99}},
                            {{9}, {6}, {2}, {8}, Seconds{2}},
                            {{0}, {0}, {2}, {2}, Seconds{0}}};
    return one;
}

// An hour of one message a second: the program, a peer, and the oracle.
inline Comparison small_comparison() {
    Comparison comparison;
    comparison.world.trace = {.bin = Seconds{60}, .counts = std::vector<double>(60, 60)};
    comparison.prices = {.task_hour = 0.05, .wait_limit = Seconds{60}};
    comparison.contestants = {contestant_of("staffing", 12, 4.1), contestant_of("keda", 66, 5.2),
                              contestant_of(std::string{oracle_name}, 0.4, 3)};
    comparison.contestants[1].follows = "https://keda.sh/docs/latest/scalers/aws-sqs/";
    comparison.contestants[1].note = "with the HPA's own defaults";
    comparison.contestants[2].note = "knows what comes";
    comparison.contestants[2].judged = false;
    return comparison;
}

}  // namespace fas::simulation
