#include "reactor/event.h"

#include <cassert>
#include <stop_token>
#include <utility>

#include "reactor/timer.h"
#include "reactor/wakeup.h"

namespace fas::reactor {

// One wait. Lives in wait()'s frame, and so leaves the event when that is destroyed.
class Event::Waiter {
  public:
    Waiter(Event& event, Wakeup& wakeup) : event_(&event), wakeup_(wakeup) {
        event.waiters_.push_back(this);
    }
    ~Waiter() {
        if (event_ != nullptr) std::erase(event_->waiters_, this);
    }
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;

    // From here on the event may go before the waiter does.
    void notify() {
        event_ = nullptr;
        wakeup_.wake();
    }

    bool notified() const { return event_ == nullptr; }

  private:
    Event* event_;  // null once notified
    Wakeup& wakeup_;
};

Event::~Event() { assert(waiters_.empty() && "an event outlives the waits for it"); }

void Event::notify_all() {
    for (Waiter* waiter : std::exchange(waiters_, {})) waiter->notify();
}

Task<Result<void>> Event::wait(Scope scope) {
    if (!scope.over()) {
        Wakeup wakeup(reactor_.ready());
        const Waiter waiter(*this, wakeup);
        const Timer timer(reactor_.loop(), scope.deadline, wakeup);
        const std::stop_callback on_stop(scope.stop, WakeOnStop{&wakeup});
        co_await wakeup;
        if (waiter.notified()) co_return Result<void>();
    }
    co_return cancelled(scope, "during a wait for another task");
}

}  // namespace fas::reactor
