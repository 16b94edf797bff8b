#include "reactor/reactor.h"

#include <fmt/format.h>
#include <uv.h>

#include <cassert>
#include <cstdio>
#include <cstdlib>
#include <stop_token>

#include "reactor/loop_time.h"
#include "reactor/timer.h"
#include "reactor/wakeup.h"

namespace fas::reactor {

namespace {

[[noreturn]] void die(const char* what) {
    std::fputs(what, stderr);
    std::abort();
}

struct Loop {
    uv_loop_t uv{};

    Loop() {
        // Fails when no file descriptor is left: nothing can be done without a loop.
        if (uv_loop_init(&uv) != 0) die("cannot create an event loop\n");
    }

    ~Loop() {
        // Owners have closed their handles by now; a handle that is left belongs to an object
        // that was to be destroyed first, and only its memory can leak.
        const auto close = [](uv_handle_t* handle, void*) {
            if (uv_is_closing(handle) == 0) uv_close(handle, nullptr);
        };
        uv_walk(&uv, close, nullptr);
        uv_run(&uv, UV_RUN_DEFAULT);
        [[maybe_unused]] const int busy = uv_loop_close(&uv);
        assert(busy == 0);
    }

    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;
};

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

struct Reactor::Impl {
    Loop loop;
    ReadyQueue ready{&loop.uv};
    bool running = false;
};

Reactor::Reactor() : impl_(std::make_unique<Impl>()) {}

Reactor::~Reactor() = default;

void Reactor::drive(std::coroutine_handle<> root) {
    assert(!impl_->running && "Reactor::run is not reentrant");
    impl_->running = true;
    root.resume();
    while (!root.done()) {
        const bool something = SimulatedTime::current() == nullptr
                                   ? uv_run(&impl_->loop.uv, UV_RUN_ONCE) != 0
                                   : impl_->ready.empty() && SimulatedTime::current()->advance();
        if (!something && impl_->ready.empty()) {
            die("a task waits for something that nothing on the event loop will do\n");
        }
        impl_->ready.resume_all();
    }
    impl_->running = false;
}

Task<Result<void>> Reactor::sleep_for(Milliseconds duration, Scope scope) {
    const SteadyTime due = Scope().within(duration).deadline;
    const bool in_time = due <= scope.deadline;
    if (!scope.over()) {
        Wakeup wakeup(impl_->ready);
        const Timer timer(&impl_->loop.uv, in_time ? due : scope.deadline, wakeup);
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

uv_loop_s* Reactor::loop() { return &impl_->loop.uv; }

ReadyQueue& Reactor::ready() { return impl_->ready; }

}  // namespace fas::reactor
