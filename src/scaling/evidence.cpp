#include "scaling/evidence.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

namespace fas::scaling {

namespace {

// A sample begins with the first reading that wanted no more than it. The first one is of so long
// ago as is needed, if there was any reading then.
void add_want(Samples& evidence, Tasks wanted, Seconds needed, TimePoint now) {
    bring_up_to(evidence, Seconds::max(), now);
    TimePoint first = now;
    while (!evidence.empty() && evidence.back().tasks <= wanted) {
        first = evidence.back().first;
        evidence.pop_back();
    }
    evidence.push_back({first, now, wanted});
    while (evidence.size() > 1 && now - evidence[1].first >= needed) {
        evidence.erase(evidence.begin());
    }
}

bool speaks_against(const Decision& decision, const QueueDepth& queue) {
    return queue.missing.empty() || (decision.wanted && *decision.wanted >= decision.current);
}

// Where the bounds alone take the service.
Tasks within_bounds(Tasks current, const Rules& rules, const ServiceState& service) {
    return std::min({current, rules.max_tasks, service.own_max.value_or(current)});
}

}  // namespace

Decision apply_evidence(Decision recommendation, const Rules& rules, const QueueDepth& queue,
                        const ServiceState& service, Samples& evidence, TimePoint now) {
    const Seconds needed = rules.scale_in_evidence;
    if (needed <= Seconds{0} || recommendation.by_operator) return recommendation;
    if (recommendation.action != Action::scale_in) {
        if (speaks_against(recommendation, queue)) evidence.clear();
        return recommendation;
    }
    add_want(evidence, recommendation.desired, needed, now);
    const Seconds lasted = now - evidence.front().first;
    const bool enough = lasted >= needed;
    const Tasks bound = within_bounds(recommendation.current, rules, service);
    const Tasks lowest = enough ? std::min(bound, evidence.front().tasks) : bound;
    if (lowest <= recommendation.desired) return recommendation;

    std::string why =
        enough ? fmt::format("a reading of the last {:.0f} s wanted {}", std::ceil(lasted.count()),
                             evidence.front().tasks.value)
               : fmt::format(
                     "a scale-in needs readings {:g} s apart that want it, and so far they "
                     "are {:.0f} s",
                     needed.count(), std::floor(lasted.count()));
    if (lowest == recommendation.current) {
        hold_instead(recommendation, why);
    } else {
        recommendation.desired = lowest;
        recommendation.reason += fmt::format(", but {} for now: {}", lowest.value, why);
    }
    return recommendation;
}

}  // namespace fas::scaling
