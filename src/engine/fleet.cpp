#include "engine/fleet.h"

#include <algorithm>
#include <utility>

namespace fas::engine {

namespace {

// How often a sweep that waits for slots looks for checks that have become slow.
constexpr Milliseconds look_for_slow_interval{100};

// How old a reading of a queue may be that another target of the same sweep has begun.
constexpr Milliseconds reading_age_max{1'000};

}  // namespace

reactor::Task<std::size_t> Fleet::sweep(Sweep sweep) {
    const std::vector<FleetGroup> groups = groups_;  // set_groups() may come meanwhile
    const auto count = std::ssize(groups);
    const SteadyTime began = reactor::now();
    std::size_t unchecked = 0;
    FleetGroup waiting;
    bool over = false;
    std::ptrdiff_t number = 0;
    for (const FleetGroup& group : groups) {
        const SteadyTime start = began + sweep.spread * number++ / count;
        const SteadyTime now = reactor::now();
        if (!over && start > now) {
            const auto pause = std::chrono::ceil<Milliseconds>(start - now);
            const auto rested = co_await reactor_.sleep_for(pause, sweep.starts);
            over = !rested;
        }
        if (!over) {
            const bool free = co_await wait_for_slots(group.size(), sweep.starts);
            over = !free;
        }
        if (over) {
            unchecked += group.size();
            continue;
        }
        start_group(group, sweep, began, &waiting);
    }
    if (sweep.slow == Slow::waited_for) co_await start_waiting(&waiting, &sweep, began);
    co_return unchecked + waiting.size();
}

// For a whole group, so that what can be read by one call is. False when the scope ended first.
reactor::Task<bool> Fleet::wait_for_slots(std::size_t count, reactor::Scope scope) {
    while (!scope.over()) {
        release_slots_of_slow_checks();
        const bool free = slots_.empty() || slots_.size() + count <= limits_.checks_at_once;
        if (free && checks_.running() < limits_.checks_running_max) co_return true;
        const reactor::Scope a_while = scope.within(look_for_slow_interval);
        const auto ended = co_await checks_.wait_for_one(a_while);
        static_cast<void>(ended);  // either way there may be slots now
    }
    co_return false;
}

void Fleet::start_group(const FleetGroup& group, const Sweep& sweep, SteadyTime began,
                        FleetGroup* waiting) {
    for (const auto& member : group) {
        if (must_wait(*member)) {
            waiting->push_back(member);
        } else {
            start(member, sweep, began);
        }
    }
}

// Leaves those for which there was no time.
reactor::Task<void> Fleet::start_waiting(FleetGroup* waiting, const Sweep* sweep,
                                         SteadyTime began) {
    while (!waiting->empty() && !sweep->starts.over()) {
        if (must_wait(*waiting->back())) {
            const auto ended = co_await checks_.wait_for_one(sweep->starts);
            static_cast<void>(ended);  // or there is no time left
        } else {
            start(waiting->back(), *sweep, began);
            waiting->pop_back();
        }
    }
}

void Fleet::start(const std::shared_ptr<FleetMember>& member, const Sweep& sweep,
                  SteadyTime began) {
    const SteadyTime since = std::max(began, reactor::now() - reading_age_max);
    checks_.start(check(member, since, sweep.checks.within(limits_.check_time_max)));
}

bool Fleet::must_wait(const FleetMember& member) const {
    return member.busy || (member.slow && slow_targets_running_ >= limits_.slow_targets_at_once);
}

reactor::Task<void> Fleet::check(std::shared_ptr<FleetMember> member, SteadyTime since,
                                 reactor::Scope scope) {
    const std::pair slot{reactor::now(), std::as_const(member).get()};
    slots_.insert(slot);
    member->busy = true;
    if (member->slow) ++slow_targets_running_;
    const CheckReport report = co_await member->autoscaler.check(since, std::move(scope));
    report_(report);
    slots_.erase(slot);
    if (member->slow) --slow_targets_running_;
    member->slow = reactor::now() - slot.first > limits_.slow_after;
    member->busy = false;
}

void Fleet::release_slots_of_slow_checks() {
    const SteadyTime late = reactor::now() - limits_.slow_after;
    while (!slots_.empty() && slots_.begin()->first <= late) slots_.erase(slots_.begin());
}

}  // namespace fas::engine
