// Port: where the last scaling actions are kept, so that cooldowns outlive a process. How claims
// are made of it is in adapters/stores/action_state.h.
#pragma once

#include <vector>

#include "base/result.h"
#include "reactor/scope.h"
#include "reactor/task.h"
#include "scaling/decision.h"
#include "scaling/history.h"

namespace fas::engine {

// What an action must know. Each part that could not be read is scaling::Unknown, and has its error
// here.
struct Recollection {
    scaling::History history;
    bool from_memory = false;  // known since an earlier read() or record()
    std::vector<Error> errors;
};

class StateStore {
  public:
    virtual ~StateStore() = default;

    // What an action of this kind depends on: a scale-out on the last scale-out, a scale-in on the
    // last of both. What was not asked for is Unknown. May answer from memory what this process
    // read or wrote before: record() finds out when somebody else has written since.
    virtual reactor::Task<Recollection> read(scaling::Action action, reactor::Scope scope) = 0;

    // Claims the right to act, by recording the action before it is taken. Errors: conflict (since
    // what read() gave was read, somebody else recorded an action, in either direction, and nothing
    // may be done), and those of the store.
    virtual reactor::Task<Result<void>> record(scaling::Action action, scaling::ScalingAction what,
                                               reactor::Scope scope) = 0;

    // Asks the store whether what record() claimed last still stands, for a claim that took long;
    // one that could not be recorded is not asked for. Errors: conflict (somebody else recorded an
    // action since, and nothing may be done), and those of the store.
    virtual reactor::Task<Result<void>> confirm(reactor::Scope scope) = 0;
};

}  // namespace fas::engine
