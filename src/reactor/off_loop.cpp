#include "reactor/off_loop.h"

#include <uv.h>

#include <memory>
#include <stop_token>
#include <utility>

#include "reactor/timer.h"
#include "reactor/wakeup.h"

namespace fas::reactor {

namespace {

// Its own, until both the job and the wait for it have ended.
struct Work {
    uv_work_t request{};
    std::function<void()> job;
    Wakeup* waiting = nullptr;  // null: nobody waits any more
    bool finished = false;
    std::shared_ptr<Work> itself;
};

void run_job(uv_work_t* request) { static_cast<Work*>(request->data)->job(); }

void end_job(uv_work_t* request, int) {
    const std::shared_ptr<Work> work = std::move(static_cast<Work*>(request->data)->itself);
    work->finished = true;
    if (work->waiting != nullptr) work->waiting->wake();
}

// However the wait ends.
struct LeaveWork {
    std::shared_ptr<Work> work;
    ~LeaveWork() { work->waiting = nullptr; }
};

}  // namespace

Task<Result<void>> off_loop(Reactor* reactor, std::function<void()> job, Scope scope) {
    if (!scope.over()) {
        Wakeup wakeup(reactor->ready());
        const auto work = std::make_shared<Work>();
        work->request.data = work.get();
        work->job = std::move(job);
        work->waiting = &wakeup;
        work->itself = work;
        const LeaveWork leave{work};
        const Timer timer(reactor->loop(), scope.deadline, wakeup);
        const std::stop_callback on_stop(scope.stop, WakeOnStop{&wakeup});
        uv_queue_work(reactor->loop(), &work->request, &run_job, &end_job);
        co_await wakeup;
        if (work->finished) co_return Result<void>();
    }
    co_return cancelled(scope, "while a disk was written");
}

}  // namespace fas::reactor
