#include "engine/fleet.h"

#include <algorithm>
#include <utility>

namespace fas::engine {

namespace {

// How often a sweep that waits for places looks for checks that have become slow.
constexpr Milliseconds look_for_slow_interval{100};

// How old a reading of a queue may be that another target of the same sweep has begun.
constexpr Milliseconds reading_age_max{1'000};

}  // namespace

reactor::Task<std::size_t> Fleet::sweep(Sweep sweep) {
    const std::vector<FleetGroup> groups = groups_;  // set_groups() may come meanwhile
    const auto count = std::ssize(groups);
    const SteadyTime began = std::chrono::steady_clock::now();
    std::size_t unchecked = 0;
    bool over = false;
    std::ptrdiff_t number = 0;
    for (const FleetGroup& group : groups) {
        const SteadyTime start = began + sweep.spread * number++ / count;
        const SteadyTime now = std::chrono::steady_clock::now();
        if (!over && start > now) {
            const auto pause = std::chrono::ceil<Milliseconds>(start - now);
            const auto rested = co_await reactor_.sleep_for(pause, sweep.starts);
            over = !rested;
        }
        if (!over) {
            const bool free = co_await wait_for_places(group.size(), sweep.starts);
            over = !free;
        }
        if (over) {
            unchecked += group.size();
            continue;
        }
        const SteadyTime since =
            std::max(began, std::chrono::steady_clock::now() - reading_age_max);
        unchecked += start_group(group, since, sweep.checks);
    }
    co_return unchecked;
}

reactor::Task<void> Fleet::finish() {
    forget_ended();
    while (!running_.empty()) {
        const reactor::Scope until_one_has{};
        const auto ended = co_await check_ended_.wait(until_one_has);
        if (!ended) co_return;
        forget_ended();
    }
}

// For a whole group, so that what can be read by one call is. False when the scope ended first.
reactor::Task<bool> Fleet::wait_for_places(std::size_t count, reactor::Scope scope) {
    while (!scope.over()) {
        forget_ended();
        take_places_of_slow_checks();
        const bool places = places_taken_ == 0 || places_taken_ + count <= limits_.checks_at_once;
        if (places && running_.size() < limits_.checks_running_max) co_return true;
        const reactor::Scope a_while = scope.within(look_for_slow_interval);
        const auto ended = co_await check_ended_.wait(a_while);
        static_cast<void>(ended);  // either way there may be places now
    }
    co_return false;
}

// How many of the group were not started.
std::size_t Fleet::start_group(const FleetGroup& group, SteadyTime since,
                               const reactor::Scope& scope) {
    std::size_t passed_over = 0;
    for (const auto& member : group) {
        if (is_to_wait(*member)) {
            ++passed_over;
        } else {
            start(member, since, scope);
        }
    }
    return passed_over;
}

bool Fleet::is_to_wait(const FleetMember& member) const {
    return member.busy || (member.slow && slow_targets_running_ >= limits_.slow_targets_at_once);
}

void Fleet::start(const std::shared_ptr<FleetMember>& member, SteadyTime since,
                  const reactor::Scope& scope) {
    Run& run = running_.emplace_back();
    run.member = member;
    run.started = std::chrono::steady_clock::now();
    member->busy = true;
    ++places_taken_;
    if (member->slow) ++slow_targets_running_;
    run.task.start(check(&run, since, scope.within(limits_.check_time_max)));
}

reactor::Task<void> Fleet::check(Run* run, SteadyTime since, reactor::Scope scope) {
    const CheckReport report = co_await run->member->autoscaler.check(since, std::move(scope));
    report_(report);
    end(*run);
}

void Fleet::end(Run& run) {
    FleetMember& member = *run.member;
    if (!run.overdue) --places_taken_;
    if (member.slow) --slow_targets_running_;
    member.slow = std::chrono::steady_clock::now() - run.started > limits_.slow_after;
    member.busy = false;
    run.ended = true;
    ++ended_;
    check_ended_.notify_all();
}

// A check cannot destroy itself.
void Fleet::forget_ended() {
    if (ended_ == 0) return;
    running_.remove_if([](const Run& run) { return run.ended; });
    ended_ = 0;
}

// The oldest runs come first: behind one that is still in time there is none that is not.
void Fleet::take_places_of_slow_checks() {
    const SteadyTime late = std::chrono::steady_clock::now() - limits_.slow_after;
    for (Run& run : running_) {
        if (run.overdue || run.ended) continue;
        if (run.started > late) return;
        run.overdue = true;
        --places_taken_;
    }
}

}  // namespace fas::engine
