// One judgement of a target without a past, for tests.
#pragma once

#include <memory>
#include <utility>

#include "scaling/judge.h"

namespace fas::scaling {

// One reading is enough for it, since there is no more than one.
template <class PolicyType>
Mind mind_with(PolicyType policy, Rules rules, Schedule schedule = {}) {
    rules.scale_in_evidence = Seconds{0};
    return {.policy = std::make_shared<PolicyType>(std::move(policy)),
            .rules = rules,
            .schedule = std::move(schedule)};
}

inline Situation seen(const Observation& observation, TimePoint now,
                      std::optional<History> history = std::nullopt) {
    return {.now = now,
            .queues = {{.depth = observation.queue}},
            .service = observation.service,
            .history = std::move(history),
            .protection = Protection{Tasks{0}}};
}

// Before anything that was done earlier counts.
inline Decision judged(const Mind& mind, const Observation& observation, TimePoint now) {
    return judge(mind, {}, seen(observation, now)).decision;
}

inline Decision judged(const Mind& mind, const Observation& observation, TimePoint now,
                       const History& history) {
    return judge(mind, {}, seen(observation, now, history)).decision;
}

}  // namespace fas::scaling
