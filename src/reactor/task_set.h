// Tasks that run beside each other and beside their owner, however many; destroying the set
// destroys those that have not finished. One thread.
#pragma once

#include <cstddef>
#include <list>
#include <utility>

#include "reactor/background.h"
#include "reactor/event.h"
#include "reactor/reactor.h"
#include "reactor/scope.h"
#include "reactor/task.h"

namespace fas::reactor {

class TaskSet {
  public:
    // The reactor must outlive the set.
    explicit TaskSet(Reactor& reactor) : one_ended_(reactor) {}

    // Runs `task` to its first wait before this returns. It must not destroy the set.
    void start(Task<void> task);

    std::size_t running() const { return members_.size() - ended_; }

    // Waits until one of those that run has ended. Errors: cancelled, when the scope ends first.
    Task<Result<void>> wait_for_one(Scope scope);

    // Waits until none runs.
    Task<void> wait_for_all();

  private:
    struct Member {
        Background task;
        bool ended = false;
    };

    Task<void> run(Member* member, Task<void> task);
    void forget_ended();

    Event one_ended_;
    std::size_t ended_ = 0;      // of members_
    std::list<Member> members_;  // last: they use all of the above
};

}  // namespace fas::reactor
