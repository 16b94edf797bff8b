// How fast tasks may come and go: the behaviour block of the Kubernetes HPA, after any policy and
// the bounds. First it waits (a stabilization window), then it limits the rate (policies).
// https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#configurable-scaling-behavior
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/count.h"
#include "base/time.h"
#include "scaling/decision.h"
#include "scaling/rules.h"
#include "scaling/samples.h"

namespace fas::scaling {

enum class RateType { tasks, percent };

// At most so many tasks, or percent of those that there were, within a period.
struct RatePolicy {
    RateType type = RateType::tasks;
    std::int64_t value = 0;  // above 0
    Seconds period{60};      // above 0

    bool operator==(const RatePolicy&) const = default;
};

enum class SelectPolicy {
    max,       // the policy that allows the most
    min,       // the policy that allows the least
    disabled,  // no change in this direction
};

struct DirectionBehavior {
    Seconds stabilization_window{0};   // 0: none
    std::vector<RatePolicy> policies;  // empty: no limit
    SelectPolicy select_policy = SelectPolicy::max;

    bool operator==(const DirectionBehavior&) const = default;
};

struct Behavior {
    DirectionBehavior scale_out;
    DirectionBehavior scale_in;

    // Whether it changes nothing at all, as without any settings.
    bool is_off() const { return *this == Behavior{}; }
    bool operator==(const Behavior&) const = default;
};

// Of one target, from check to check: a copyable value of at most a hundred samples for each
// window, and one for each change within the longest period. A new one takes the present count for
// what was wanted until now.
struct BehaviorMemory {
    bool begun = false;
    Samples highest;  // of what was wanted: for the scale-in's window
    Samples lowest;   // for the scale-out's window
    Samples added;    // by changes that were made
    Samples removed;

    bool operator==(const BehaviorMemory&) const = default;
};

// What becomes of a recommendation (recommend.h), before the cooldowns. Remembers what it asked
// for, even where something else held it. It never turns a hold into a change, nor one way into the
// other. A service outside the bounds goes to them at once, as it does with the HPA, and what an
// operator has said is left alone.
Decision apply_behavior(Decision recommendation, const Behavior& behavior, const Rules& rules,
                        BehaviorMemory& memory, TimePoint now);

// After the number of tasks was changed by us.
void remember_change(BehaviorMemory& memory, const Behavior& behavior, Tasks before, Tasks after,
                     TimePoint now);

}  // namespace fas::scaling
