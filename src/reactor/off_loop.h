// A system call that may wait for a disk, on one of libuv's few threads, while the loop goes on.
// For a foreign library's calls there is worker.h.
#pragma once

#include <functional>

#include "base/result.h"
#include "reactor/reactor.h"
#include "reactor/scope.h"
#include "reactor/task.h"

namespace fas::reactor {

// Finishes when the job has. It may be left running by whoever asked for it, so it owns what it
// uses, and it ends by itself: the reactor's end waits for it. Errors: cancelled, when the scope
// ends first.
Task<Result<void>> off_loop(Reactor* reactor, std::function<void()> job, Scope scope);

}  // namespace fas::reactor
