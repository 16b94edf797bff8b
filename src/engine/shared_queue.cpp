#include "engine/shared_queue.h"

#include <fmt/format.h>

#include <utility>

namespace fas::engine {

namespace {

// As long as a check may take: whoever waits has a scope of its own.
constexpr Milliseconds read_time_max{30'000};

// Counts one who waits, until it ends in whatever way.
class Waiting {
  public:
    explicit Waiting(int& count) : count_(count) { ++count_; }
    ~Waiting() { --count_; }
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;

  private:
    int& count_;
};

}  // namespace

reactor::Task<Result<scaling::QueueDepth>> SharedQueue::read(SteadyTime since,
                                                             reactor::Scope scope) {
    while (!last_ || begun_ < since) {
        const bool of_use = begun_ >= since || waiting_ > 0;
        if (!reading() || !of_use) {
            begin_reading();
            continue;  // it may have finished without waiting
        }
        const Waiting waiting{waiting_};
        const auto waited = co_await finished_.wait(scope);
        if (!waited) {
            const std::string during = fmt::format("while the depth of queue {} was read", name_);
            co_return reactor::cancelled(scope, during);
        }
    }
    co_return *last_;
}

void SharedQueue::begin_reading() {
    last_.reset();
    begun_ = reactor::now();
    reading_.emplace();
    reading_->start(read_source());
}

reactor::Task<void> SharedQueue::read_source() {
    const reactor::Scope scope = reactor::Scope{}.within(read_time_max);
    auto depth = co_await source_->read(scope);
    last_ = std::move(depth);
    finished_.notify_all();
}

}  // namespace fas::engine
