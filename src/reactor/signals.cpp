#include "reactor/signals.h"

#include <uv.h>

#include <csignal>

#include "reactor/event.h"
#include "reactor/reactor.h"
#include "reactor/uv_handle.h"

namespace fas::reactor {

struct SignalWatcher::Impl {
    std::stop_source finish;
    std::stop_source abort;
    int last_signal = 0;
    UvHandle<uv_signal_t> interrupt;
    UvHandle<uv_signal_t> terminate;

    UvHandle<uv_signal_t> watch(uv_loop_t* loop, int signal) {
        UvHandle<uv_signal_t> handle(new uv_signal_t{});
        uv_signal_init(loop, handle.get());
        handle->data = this;
        uv_signal_start(
            handle.get(),
            [](uv_signal_t* from, int number) { static_cast<Impl*>(from->data)->received(number); },
            signal);
        return handle;
    }

    void received(int signal) {
        last_signal = signal;
        // request_stop() answers whether it was the first.
        if (!finish.request_stop()) abort.request_stop();
    }
};

SignalWatcher::SignalWatcher(Reactor& reactor) : impl_(std::make_unique<Impl>()) {
    impl_->interrupt = impl_->watch(reactor.loop(), SIGINT);
    impl_->terminate = impl_->watch(reactor.loop(), SIGTERM);
}

SignalWatcher::~SignalWatcher() = default;

std::stop_token SignalWatcher::finish() const { return impl_->finish.get_token(); }
std::stop_token SignalWatcher::abort() const { return impl_->abort.get_token(); }
int SignalWatcher::last_signal() const { return impl_->last_signal; }

struct HangupWatcher::Impl {
    UvHandle<uv_signal_t> handle{new uv_signal_t{}};
};

HangupWatcher::HangupWatcher(Reactor& reactor, Event& event) : impl_(std::make_unique<Impl>()) {
    uv_signal_t* const handle = impl_->handle.get();
    uv_signal_init(reactor.loop(), handle);
    handle->data = &event;
    const auto tell = [](uv_signal_t* from, int) { static_cast<Event*>(from->data)->notify_all(); };
    uv_signal_start(handle, tell, SIGHUP);
}

HangupWatcher::~HangupWatcher() = default;

}  // namespace fas::reactor
