#include "reactor/reactor.h"

#include <fmt/format.h>
#include <uv.h>

#include <cassert>
#include <cstdio>
#include <cstdlib>
#include <stop_token>

#include "reactor/timer.h"
#include "reactor/wakeup.h"

namespace fas::reactor {

struct Reactor::Impl {
    uv_loop_t loop{};
    uv_prepare_t before_poll{};
    ReadyQueue ready;
    std::coroutine_handle<> root;  // set while running
};

namespace {

[[noreturn]] void die(const char* what) {
    std::fputs(what, stderr);
    std::abort();
}

// Suspends its coroutine and queues it behind all that are ready now.
class Turn {
  public:
    explicit Turn(ReadyQueue& queue) : queue_(queue) {}

    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> coroutine) { queue_.push(node_, coroutine); }
    void await_resume() const noexcept {}

  private:
    ReadyQueue& queue_;
    ReadyNode node_;
};

}  // namespace

Reactor::Reactor() : impl_(std::make_unique<Impl>()) {
    // Fails when the process has no file descriptor left: nothing can be done without a loop.
    if (uv_loop_init(&impl_->loop) != 0) die("cannot create an event loop\n");

    // libuv runs timers, and with them libcurl, before it waits for I/O. What that has made ready
    // must not wait too: it is resumed here, and the wait called off when more is to be done.
    uv_prepare_init(&impl_->loop, &impl_->before_poll);
    impl_->before_poll.data = impl_.get();
    const auto resume = [](uv_prepare_t* handle) {
        auto* impl = static_cast<Impl*>(handle->data);
        impl->ready.resume_all();
        const bool done = !impl->root || impl->root.done();
        if (done || !impl->ready.empty()) uv_stop(handle->loop);
    };
    uv_prepare_start(&impl_->before_poll, resume);
    uv_unref(reinterpret_cast<uv_handle_t*>(&impl_->before_poll));
}

Reactor::~Reactor() {
    // Owners have closed their handles by now; a handle that is left belongs to an object that
    // was to be destroyed first, and only its memory can leak.
    uv_walk(
        &impl_->loop,
        [](uv_handle_t* handle, void*) {
            if (uv_is_closing(handle) == 0) uv_close(handle, nullptr);
        },
        nullptr);
    uv_run(&impl_->loop, UV_RUN_DEFAULT);
    [[maybe_unused]] const int busy = uv_loop_close(&impl_->loop);
    assert(busy == 0);
}

void Reactor::drive(std::coroutine_handle<> root) {
    assert(!impl_->root && "Reactor::run is not reentrant");
    impl_->root = root;
    root.resume();
    while (!root.done()) {
        const bool idle = impl_->ready.empty();
        const int alive = uv_run(&impl_->loop, idle ? UV_RUN_ONCE : UV_RUN_NOWAIT);
        if (alive == 0 && impl_->ready.empty() && !root.done()) {
            die("a task waits for something that nothing on the event loop will do\n");
        }
        impl_->ready.resume_all();
    }
    impl_->root = nullptr;
}

Task<Result<void>> Reactor::sleep_for(Milliseconds duration, Scope scope) {
    const SteadyTime due = Scope{}.within(duration).deadline;
    const bool in_time = due <= scope.deadline;
    if (!scope.over()) {
        Wakeup wakeup(impl_->ready);
        const Timer timer(&impl_->loop, in_time ? due : scope.deadline, wakeup);
        const std::stop_callback on_stop(scope.stop, WakeOnStop{&wakeup});
        co_await wakeup;
        if (timer.fired() && in_time) co_return Result<void>();
    }
    co_return cancelled(scope, fmt::format("during a wait of {} ms", duration.count()));
}

Task<void> Reactor::yield() {
    Turn turn(impl_->ready);
    co_await turn;
}

uv_loop_s* Reactor::loop() { return &impl_->loop; }

ReadyQueue& Reactor::ready() { return impl_->ready; }

}  // namespace fas::reactor
