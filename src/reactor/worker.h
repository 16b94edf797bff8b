// A thread for a foreign library's calls that block: a coroutine hands over a job and waits, while
// the loop goes on. Jobs run one after another, in order. Made, used and destroyed on the reactor's
// thread; only the jobs run on the other.
#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include "base/result.h"
#include "reactor/reactor.h"
#include "reactor/scope.h"
#include "reactor/task.h"

namespace fas::reactor {

class Worker {
  public:
    // What runs on the thread. It may be left running by whoever asked for it, so it owns what it
    // uses; it looks at `abandoned` between calls that block, and must end by itself.
    using Job = std::function<void(const std::atomic<bool>& abandoned)>;

    explicit Worker(Reactor& reactor);  // the thread begins with the first job
    // Abandons all jobs, and waits for the one that runs.
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    // Finishes when the job has. Errors: cancelled, when the scope ends first: a job that has not
    // begun never runs, and one that has is abandoned. So it is, too, when the task is destroyed.
    // The worker must outlive the task.
    Task<Result<void>> run(Job job, Scope scope);

  private:
    struct Entry;
    class Thread;

    Reactor& reactor_;
    std::unique_ptr<Thread> thread_;
};

}  // namespace fas::reactor
