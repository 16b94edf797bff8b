// A policy turns a backlog into a number of tasks. It knows nothing of bounds, cooldowns, I/O or
// time: those are the rules' (rules.h, judge.h). To add one: a file beside threshold.h, and a
// line in src/app/wiring.cpp.
#pragma once

#include <string>

#include "scaling/observation.h"

namespace fas::scaling {

// What the policy counts, taken from an observation whose visible count is known.
struct Demand {
    Messages visible;
    std::optional<Messages> in_flight;
    // Of the tasks asked for: what we added a moment ago, for this same backlog or most of it. A
    // policy that adds to the tasks that there are adds to those before them.
    Tasks launched{};
};

// The tasks that a policy adds to: those that work, but for what was added a moment ago. Tasks on
// their way out (running above desired) do not count.
Tasks working_before(const Demand& demand, const ServiceState& service);

struct Proposal {
    Tasks desired;       // the present count: no change
    Messages backlog;    // the messages this was computed from
    std::string reason;  // the computation, with its numbers, for a person
};

class Policy {
  public:
    virtual ~Policy() = default;
    virtual Proposal propose(const Demand& demand, const ServiceState& service) const = 0;

    // Without one, a queue whose depth is unknown stops nothing, and may be no queue at all.
    virtual bool needs_queue() const { return true; }
};

}  // namespace fas::scaling
