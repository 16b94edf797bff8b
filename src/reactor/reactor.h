// The event loop: one thread, one libuv loop, many coroutines. All of the reactor's objects are
// made, used and destroyed on the thread that calls run().
#pragma once

#include <coroutine>
#include <memory>

#include "base/result.h"
#include "reactor/scope.h"
#include "reactor/task.h"

struct uv_loop_s;

namespace fas::reactor {

class ReadyQueue;

class Reactor {
  public:
    Reactor();
    ~Reactor();  // closes what is left on the loop
    Reactor(const Reactor&) = delete;
    Reactor& operator=(const Reactor&) = delete;

    // Runs the loop until `task` has finished, and returns its value. Not reentrant. Ends the
    // process when the task waits for something that can no longer happen.
    template <class T>
    T run(Task<T> task) {
        const auto frame = detail::TaskAccess::frame(task);
        drive(frame);
        return frame.promise().take();
    }

    // Finishes after `duration`, never sooner. Errors: cancelled, when the scope ends first.
    Task<Result<void>> sleep_for(Milliseconds duration, Scope scope);

    // Lets everything else that is ready run first. A loop that may finish each round without
    // waiting calls this once a round.
    Task<void> yield();

    // For the rest of this room.
    uv_loop_s* loop();
    ReadyQueue& ready();

  private:
    void drive(std::coroutine_handle<> root);

    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace fas::reactor
