// A coroutine that yields one value: `Task<Result<Reply>> call(Request request, Scope scope)`.
//
// Lazy: nothing runs until the task is awaited (or given to when_all or Reactor::run), once, by
// one awaiter. A Task owns its coroutine: destroying one that has not finished destroys its frame
// and, through the frame's locals, everything it was waiting for. One thread.
//
// An exception that leaves a coroutine ends the process, with the standard library naming it:
// errors are values in this house, so an exception that nobody caught is a mistake (or memory ran
// out), and carrying it to the awaiter would only hide where it came from.
//
// Awaiting a task that finishes without waiting costs no stack: it is resumed as a nested call
// that has returned by the time the awaiter goes on. A loop of such awaits is safe in every build
// mode, but starves the event loop unless it calls Reactor::yield.
//
// GCC 12 miscompiles an aggregate temporary, a brace initialiser or a capturing lambda inside a
// co_await expression: give it a name first, then move it in. Take parameters by value.
#pragma once

#include <cassert>
#include <coroutine>
#include <cstddef>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

namespace fas::reactor {

template <class T>
class Task;

namespace detail {

class PromiseBase {
  public:
    struct FinalAwaiter {
        bool await_ready() const noexcept { return false; }
        template <class Promise>
        std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> frame) const noexcept {
            return frame.promise().next();
        }
        void await_resume() const noexcept {}
    };

    std::suspend_always initial_suspend() const noexcept { return {}; }
    FinalAwaiter final_suspend() const noexcept { return {}; }
    [[noreturn]] void unhandled_exception() const noexcept { std::terminate(); }

    // When the coroutine finishes, `awaiter` is resumed, unless `pending` counts others that it
    // must wait for as well. Set after the first suspension, so that a coroutine that never
    // suspends resumes nobody.
    void resume_when_finished(std::coroutine_handle<> awaiter, std::size_t* pending) noexcept {
        awaiter_ = awaiter;
        pending_ = pending;
    }

  private:
    std::coroutine_handle<> next() noexcept {
        if (pending_ != nullptr && --*pending_ > 0) return std::noop_coroutine();
        return awaiter_;
    }

    std::coroutine_handle<> awaiter_ = std::noop_coroutine();
    std::size_t* pending_ = nullptr;
};

template <class T>
class Promise : public PromiseBase {
  public:
    Task<T> get_return_object() noexcept;

    template <class Value = T>
    void return_value(Value&& value) {
        value_.emplace(std::forward<Value>(value));
    }

    T take() { return *std::move(value_); }

  private:
    std::optional<T> value_;
};

template <>
class Promise<void> : public PromiseBase {
  public:
    Task<void> get_return_object() noexcept;
    void return_void() const noexcept {}
    void take() const noexcept {}
};

struct TaskAccess;

}  // namespace detail

template <class T>
class [[nodiscard]] Task {
    static_assert(!std::is_reference_v<T>, "a Task yields a value; a reference would outlive it");

  public:
    using promise_type = detail::Promise<T>;

    Task(Task&& other) noexcept : frame_(std::exchange(other.frame_, nullptr)) {}
    Task& operator=(Task&& other) noexcept {
        Task taken(std::move(other));
        std::swap(frame_, taken.frame_);
        return *this;
    }
    ~Task() {
        if (frame_) frame_.destroy();
    }

    // Starts the task; the awaiting coroutine goes on with its value once it has finished.
    auto operator co_await() && noexcept {
        assert(frame_ && "a task is awaited once, and not after it was moved from");
        struct Awaiter {
            std::coroutine_handle<promise_type> frame;

            bool await_ready() const noexcept { return false; }
            bool await_suspend(std::coroutine_handle<> awaiter) const {
                frame.resume();
                if (frame.done()) return false;
                frame.promise().resume_when_finished(awaiter, nullptr);
                return true;
            }
            T await_resume() const { return frame.promise().take(); }
        };
        return Awaiter{frame_};
    }

  private:
    friend promise_type;
    friend detail::TaskAccess;

    explicit Task(std::coroutine_handle<promise_type> frame) noexcept : frame_(frame) {}

    std::coroutine_handle<promise_type> frame_;
};

namespace detail {

template <class T>
Task<T> Promise<T>::get_return_object() noexcept {
    return Task<T>(std::coroutine_handle<Promise>::from_promise(*this));
}

inline Task<void> Promise<void>::get_return_object() noexcept {
    return Task<void>(std::coroutine_handle<Promise>::from_promise(*this));
}

// For the reactor and when_all, which start tasks without being their awaiting coroutine.
struct TaskAccess {
    template <class T>
    static std::coroutine_handle<Promise<T>> frame(const Task<T>& task) {
        return task.frame_;
    }
};

}  // namespace detail

}  // namespace fas::reactor
