#include "reactor/worker.h"

#include <uv.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include "reactor/timer.h"
#include "reactor/uv_handle.h"
#include "reactor/wakeup.h"

namespace fas::reactor {

struct Worker::Entry {
    Job job;
    std::atomic<bool> abandoned = false;
    // Of the loop's thread alone:
    Wakeup* waiting = nullptr;  // null: nobody waits any more
    bool finished = false;
};

// What both threads know, under the mutex, and the way back to the loop.
class Worker::Thread {
  public:
    explicit Thread(uv_loop_t* loop) : done_(new uv_async_t{}) {
        uv_async_init(loop, done_.get(), &Thread::on_done);
        done_->data = this;
    }
    ~Thread();
    Thread(const Thread&) = delete;
    Thread& operator=(const Thread&) = delete;

    void add(const std::shared_ptr<Entry>& entry);

  private:
    static void on_done(uv_async_t* handle);
    void work();

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::shared_ptr<Entry>> waiting_;
    std::shared_ptr<Entry> running_;
    std::vector<std::shared_ptr<Entry>> finished_;
    bool closing_ = false;
    UvHandle<uv_async_t> done_;
    std::thread thread_;  // last: it uses all of the above
};

Worker::Thread::~Thread() {
    {
        const std::lock_guard lock(mutex_);
        closing_ = true;
        if (running_) running_->abandoned = true;
    }
    changed_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void Worker::Thread::add(const std::shared_ptr<Entry>& entry) {
    {
        const std::lock_guard lock(mutex_);
        waiting_.push_back(entry);
    }
    changed_.notify_one();
    if (!thread_.joinable()) thread_ = std::thread(&Thread::work, this);
}

void Worker::Thread::work() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [this] { return closing_ || !waiting_.empty(); });
        if (closing_) return;
        running_ = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        if (!running_->abandoned) running_->job(running_->abandoned);
        lock.lock();
        finished_.push_back(std::move(running_));
        running_.reset();
        uv_async_send(done_.get());
    }
}

void Worker::Thread::on_done(uv_async_t* handle) {
    auto* thread = static_cast<Thread*>(handle->data);
    std::vector<std::shared_ptr<Entry>> finished;
    {
        const std::lock_guard lock(thread->mutex_);
        finished.swap(thread->finished_);
    }
    for (const auto& entry : finished) {
        entry->finished = true;
        if (entry->waiting != nullptr) entry->waiting->wake();
    }
}

Worker::Worker(Reactor& reactor)
    : reactor_(reactor), thread_(std::make_unique<Thread>(reactor.loop())) {}

Worker::~Worker() = default;

Task<Result<void>> Worker::run(Job job, Scope scope) {
    // Leaves the job alone, however the wait for it ends.
    struct Leave {
        std::shared_ptr<Entry> entry;
        ~Leave() {
            entry->waiting = nullptr;
            entry->abandoned = true;
        }
    };

    if (!scope.over()) {
        Wakeup wakeup(reactor_.ready());
        const auto entry = std::make_shared<Entry>();
        entry->job = std::move(job);
        entry->waiting = &wakeup;
        const Leave leave{entry};
        const Timer timer(reactor_.loop(), scope.deadline, wakeup);
        const std::stop_callback on_stop(scope.stop, WakeOnStop{&wakeup});
        thread_->add(entry);
        co_await wakeup;
        if (entry->finished) co_return Result<void>();
    }
    co_return cancelled(scope, "during a call on another thread");
}

}  // namespace fas::reactor
