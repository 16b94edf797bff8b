// Runs tasks at the same time: all are started, in order, before any is waited for; the result is
// there when the last has finished, each value in its task's place.
//
//     auto [attributes, service] = co_await when_all(std::move(first), std::move(second));
//
// None is cancelled when another fails: give them a shared Scope for that. Destroying the
// returned task before it has finished destroys them all. One thread.
#pragma once

#include <coroutine>
#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "reactor/task.h"

namespace fas::reactor {

namespace detail {

// Starts what `for_each_task` passes to its argument, and suspends until all of it has finished.
template <class ForEachTask>
class StartAll {
  public:
    explicit StartAll(ForEachTask for_each_task) : for_each_task_(for_each_task) {}
    StartAll(const StartAll&) = delete;
    StartAll& operator=(const StartAll&) = delete;

    bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> awaiter) {
        // Counts this loop too, so that a task finishing while others start resumes nobody.
        pending_ = 1;
        for_each_task_([&](const auto& task) {
            auto frame = TaskAccess::frame(task);
            frame.resume();
            if (frame.done()) return;
            frame.promise().resume_when_finished(awaiter, &pending_);
            ++pending_;
        });
        return --pending_ > 0;
    }
    void await_resume() const noexcept {}

  private:
    ForEachTask for_each_task_;
    std::size_t pending_ = 0;
};

template <class T>
T take_value(const Task<T>& task) {
    return TaskAccess::frame(task).promise().take();
}

template <class... Ts>
Task<std::tuple<Ts...>> all_of_tuple(std::tuple<Task<Ts>...> tasks) {
    auto for_each_task = [&tasks](auto start) {
        std::apply([&start](const auto&... task) { (start(task), ...); }, tasks);
    };
    StartAll start_all(for_each_task);
    co_await start_all;
    co_return std::apply([](const auto&... task) { return std::tuple<Ts...>(take_value(task)...); },
                         tasks);
}

template <class T>
Task<std::vector<T>> all_of_vector(std::vector<Task<T>> tasks) {
    auto for_each_task = [&tasks](auto start) {
        for (const auto& task : tasks) start(task);
    };
    StartAll start_all(for_each_task);
    co_await start_all;
    std::vector<T> values;
    values.reserve(tasks.size());
    for (const auto& task : tasks) values.push_back(take_value(task));
    co_return values;
}

}  // namespace detail

template <class... Ts>
Task<std::tuple<Ts...>> when_all(Task<Ts>... tasks) {
    static_assert(!(std::is_void_v<Ts> || ...), "a tuple holds no void: use Task<Result<void>>");
    return detail::all_of_tuple(std::tuple<Task<Ts>...>(std::move(tasks)...));
}

template <class T>
Task<std::vector<T>> when_all(std::vector<Task<T>> tasks) {
    static_assert(!std::is_void_v<T>, "a vector holds no void: use Task<Result<void>>");
    return detail::all_of_vector(std::move(tasks));
}

}  // namespace fas::reactor
