// How a coroutine waits for the loop. Whatever ends a wait (a timer, a socket, a stop request)
// only marks the coroutine as ready; the reactor resumes it later, from the bottom of its stack.
// So no coroutine runs inside a libuv, libcurl or stop callback, where it could destroy the very
// thing that called it. One thread.
#pragma once

#include <uv.h>

#include <coroutine>

#include "reactor/uv_handle.h"

namespace fas::reactor {

// A suspended coroutine's place in the queue of those to be resumed. Leaves it when destroyed, as
// happens when the coroutine is.
class ReadyNode {
  public:
    ReadyNode() = default;
    ~ReadyNode() { unlink(); }
    ReadyNode(const ReadyNode&) = delete;
    ReadyNode& operator=(const ReadyNode&) = delete;

  private:
    friend class ReadyQueue;

    bool linked() const { return next_ != this; }
    void unlink();
    void insert_before(ReadyNode& other);

    ReadyNode* previous_ = this;
    ReadyNode* next_ = this;
    std::coroutine_handle<> coroutine_;
};

class ReadyQueue {
  public:
    explicit ReadyQueue(uv_loop_t* loop);

    void push(ReadyNode& node, std::coroutine_handle<> coroutine);
    bool empty() const { return !head_.linked(); }

    // Resumes what is in the queue now. What that adds waits for the next call, so that two
    // coroutines that keep waking each other leave the loop its turn. Not reentrant.
    void resume_all();

  private:
    ReadyNode head_;
    ReadyNode end_of_round_;
    // Active while the queue is not empty: the loop then looks for events, but does not wait for
    // one. Matters when a timer, which libuv runs before it waits, has made a coroutine ready.
    UvHandle<uv_idle_t> no_waiting_;
};

// One wait of one coroutine: `co_await wakeup` ends once wake() has been called, before or since.
class Wakeup {
  public:
    explicit Wakeup(ReadyQueue& queue) : queue_(queue) {}

    void wake();  // idempotent; never resumes anything itself

    bool await_ready() const noexcept { return woken_; }
    void await_suspend(std::coroutine_handle<> coroutine) noexcept { waiting_ = coroutine; }
    void await_resume() const noexcept {}

  private:
    ReadyQueue& queue_;
    ReadyNode node_;
    std::coroutine_handle<> waiting_;
    bool woken_ = false;
};

// A std::stop_callback's action.
struct WakeOnStop {
    Wakeup* wakeup;
    void operator()() const { wakeup->wake(); }
};

}  // namespace fas::reactor
