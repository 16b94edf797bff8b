// What one check saw, decided and did: the source of the table, the JSON line, the Lambda result
// and the exit status.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "scaling/decision.h"
#include "scaling/observation.h"

namespace fas::engine {

struct CheckReport {
    std::string target;
    TimePoint time;  // when it began
    std::chrono::microseconds duration{0};
    bool dry_run = false;

    scaling::QueueDepth queue;                     // what the decision was made on
    std::optional<scaling::ServiceState> service;  // absent: could not be read
    std::optional<scaling::Decision> decision;     // absent: something needed for it is unknown
    std::string undecided;                         // what that is, for a person
    std::optional<Tasks> changed_by_others_from;   // desired was this, until somebody else set it
    bool changed = false;                          // the target was asked for another count
    std::string change_request_id;                 // of that request, for the log
    bool queue_unreadable = false;                 // one of the target's queues, at least
    bool protection_unreadable = false;            // how many tasks are protected from a scale-in
    std::vector<Error> errors;

    bool failed() const { return !errors.empty(); }
};

}  // namespace fas::engine
