// The whole decision, in the order in which it is made, in one pure function. The check of a
// target, the command `decide` and the tests all go through it, so that none of them can be of
// another mind.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "scaling/behavior.h"
#include "scaling/combine.h"
#include "scaling/decision.h"
#include "scaling/evidence.h"
#include "scaling/fallback.h"
#include "scaling/future_records.h"
#include "scaling/history.h"
#include "scaling/observation.h"
#include "scaling/policy.h"
#include "scaling/protection.h"
#include "scaling/rules.h"
#include "scaling/samples.h"
#include "scaling/schedule.h"

namespace fas::scaling {

// What a target is scaled by.
struct Mind {
    std::shared_ptr<const Policy> policy;  // never null
    Rules rules;
    Schedule schedule;
    Behavior behavior;
    Fallback fallback;
    Combine combine = Combine::max;  // of several queues
};

// What a target remembers from check to check. A copyable value: what is tried on a copy, and not
// kept, has not happened.
struct Memory {
    FallbackMemory readings;
    BehaviorMemory behavior;
    Samples launched;  // added by our scale-outs within the scale-out cooldown
    Samples evidence;  // for a scale-in (evidence.h)
    FutureRecords future_records;

    bool operator==(const Memory&) const = default;
};

// Whether decisions depend on earlier ones, so that the memory is worth keeping.
bool remembers(const Rules& rules, const Behavior& behavior, const Fallback& fallback);

// What is known of queues alone, where they are others now.
void forget_queues(Memory& memory);

// What a check saw. What it did not ask for is absent.
struct Situation {
    TimePoint now;                  // of the readings
    std::vector<QueuePart> queues;  // as they were read; none for a policy that needs no queue
    std::optional<ServiceState> service;
    std::string service_missing;           // why there is none, for a person
    std::optional<Action> first_wanted;    // by an earlier reading of the same check
    std::optional<History> history;        // not asked for yet, or known
    std::optional<Protection> protection;  // likewise
};

// A queue whose reading counts as unknown, since it is too old.
struct StaleQueue {
    std::size_t index;  // of Situation::queues
    std::string why;
};

struct Judgement {
    Decision decision;  // a hold where something that it needs is unknown
    bool known = true;  // false: something is, and the decision's reason says what
    QueueDepth queue;   // all queues as one: what was decided on
    std::vector<StaleQueue> stale;
    Memory memory;  // to be kept when the check ends, once, however often it was judged

    // What must be known before the decision may be carried out: ask for it, and judge again.
    std::optional<Action> needs_history;  // all that an action of this kind depends on
    bool needs_protection = false;
};

// Readings, staleness and fallback; then policy, bounds of schedule, rules and target, controls and
// work in flight (recommend.h); then evidence, behaviour, cooldowns and protection. `memory` is
// what the last check kept.
Judgement judge(const Mind& mind, const Memory& memory, const Situation& situation);

// The judgement's memory once its decision has been carried out.
Memory memory_after_change(const Mind& mind, const Judgement& judgement, TimePoint now);

}  // namespace fas::scaling
