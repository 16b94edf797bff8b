#include "reactor/task_set.h"

namespace fas::reactor {

void TaskSet::start(Task<void> task) {
    forget_ended();
    Member& member = members_.emplace_back();
    member.task.start(run(&member, std::move(task)));
}

Task<void> TaskSet::run(Member* member, Task<void> task) {
    co_await std::move(task);
    member->ended = true;
    ++ended_;
    one_ended_.notify_all();
}

// Later: a task cannot destroy itself.
void TaskSet::forget_ended() {
    if (ended_ == 0) return;
    members_.remove_if([](const Member& member) { return member.ended; });
    ended_ = 0;
}

Task<Result<void>> TaskSet::wait_for_one(Scope scope) { return one_ended_.wait(std::move(scope)); }

Task<void> TaskSet::wait_for_all() {
    while (running() > 0) {
        const Scope until_one_has{};
        const auto ended = co_await one_ended_.wait(until_one_has);
        if (!ended) co_return;
    }
    forget_ended();
}

}  // namespace fas::reactor
