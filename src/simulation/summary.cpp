#include "simulation/summary.h"

#include <algorithm>

#include "simulation/peers/oracle.h"

namespace fas::simulation {

namespace {

constexpr double hour = 3600;
constexpr double day = 24 * hour;

}  // namespace

Summary summarise(const Outcome& outcome, const Prices& prices) {
    const Tally& tally = outcome.tally;
    const Distribution& waits = tally.waits;
    Summary summary{.messages = waits.count(),
                    .wait_mean = waits.mean(),
                    .wait_p50 = waits.percentile(0.5),
                    .wait_p95 = waits.percentile(0.95),
                    .wait_p99 = waits.percentile(0.99),
                    .wait_max = waits.longest(),
                    .over_limit = waits.share_over(prices.wait_limit),
                    .task_hours = tally.task_seconds / hour,
                    .changes = outcome.changes.size()};
    summary.cost = summary.task_hours * prices.task_hour;
    if (tally.work_seconds > 0) summary.cost_ratio = tally.task_seconds / tally.work_seconds;
    if (summary.messages > 0) {
        summary.killed = static_cast<double>(tally.killed) / static_cast<double>(summary.messages);
    }
    if (outcome.length > Seconds{0}) {
        summary.changes_a_day = static_cast<double>(summary.changes) * day / outcome.length.count();
    }
    return summary;
}

const Contestant* Comparison::oracle() const {
    const auto found = std::ranges::find(contestants, oracle_name, &Contestant::name);
    return found == contestants.end() ? nullptr : &*found;
}

}  // namespace fas::simulation
