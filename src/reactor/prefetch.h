// A task that is begun before somebody asks for its result, so that its waits overlap with theirs.
// Destroying the object, or abandon(), destroys a task that has not finished. One thread.
#pragma once

#include <optional>
#include <utility>

#include "reactor/background.h"
#include "reactor/event.h"
#include "reactor/reactor.h"

namespace fas::reactor {

template <class T>
class Prefetch {
  public:
    explicit Prefetch(Reactor& reactor) : finished_(reactor) {}
    Prefetch(const Prefetch&) = delete;
    Prefetch& operator=(const Prefetch&) = delete;

    // Runs `task` to its first wait; an earlier one is abandoned.
    void begin(Task<T> task) {
        abandon();
        running_.emplace();
        running_->start(run(std::move(task)));
    }

    bool begun() const { return running_.has_value(); }

    void abandon() {
        running_.reset();
        result_.reset();
    }

    // Waits for the result, which can be had once. Nothing when none was begun, or the scope ends
    // first, which abandons it. Begins when it is awaited.
    Task<std::optional<T>> finish(Scope scope) {
        if (begun() && !result_) {
            auto waited = co_await finished_.wait(std::move(scope));
            if (!waited) abandon();
        }
        std::optional<T> result = std::exchange(result_, std::nullopt);
        abandon();
        co_return result;
    }

  private:
    Task<void> run(Task<T> task) {
        T value = co_await std::move(task);
        result_ = std::move(value);
        finished_.notify_all();
    }

    Event finished_;
    std::optional<T> result_;
    std::optional<Background> running_;
};

}  // namespace fas::reactor
