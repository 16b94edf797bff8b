// Something that several coroutines wait for together. One thread.
#pragma once

#include <vector>

#include "base/result.h"
#include "reactor/reactor.h"
#include "reactor/scope.h"
#include "reactor/task.h"

namespace fas::reactor {

class Event {
  public:
    explicit Event(Reactor& reactor) : reactor_(reactor) {}
    ~Event();  // nobody may be waiting any more; whoever notify_all() has reached is not
    Event(const Event&) = delete;
    Event& operator=(const Event&) = delete;

    // Ends the waits that have begun; a later wait() waits for the next call. Never resumes anyone
    // from inside.
    void notify_all();

    // Begins when it is awaited. Errors: cancelled, when the scope ends first.
    Task<Result<void>> wait(Scope scope);

  private:
    class Waiter;

    Reactor& reactor_;
    std::vector<Waiter*> waiters_;  // in order of arrival
};

}  // namespace fas::reactor
