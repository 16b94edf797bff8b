// Many autoscalers in one process. A sweep starts one check of each target: those that can be read
// together at the same time, everything else spread out and bounded. One thread.
//
// A slow target holds up nobody: a check that takes long gives up its slot among the others, the
// next sweeps pass over its target until it has ended, and targets whose last check was slow share
// few slots of their own. A sweep that is all there is waits for those; one of many passes over.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "engine/autoscaler.h"
#include "engine/check_report.h"
#include "reactor/reactor.h"
#include "reactor/scope.h"
#include "reactor/task.h"
#include "reactor/task_set.h"

namespace fas::engine {

struct FleetLimits {
    std::size_t checks_at_once = 256;        // of those that are not slow
    std::size_t slow_targets_at_once = 32;   // of targets whose last check was slow
    std::size_t checks_running_max = 4'096;  // of all, which bounds memory in an outage
    Milliseconds slow_after{1'000};
    Milliseconds check_time_max{30'000};
};

// A target, and what the fleet knows of its checks.
struct FleetMember {
    FleetMember(Target target, reactor::Reactor& reactor, const Clock& clock, bool dry_run)
        : autoscaler(std::move(target), reactor, clock, dry_run) {}

    Autoscaler autoscaler;
    bool busy = false;  // a check is running
    bool slow = false;  // the last check was
};

// Targets that are checked at the same moment, because one call reads several of them.
using FleetGroup = std::vector<std::shared_ptr<FleetMember>>;

class Fleet {
  public:
    // `report` is called at the end of each check. The reactor must outlive the fleet, whose
    // destruction ends the checks that are running.
    Fleet(reactor::Reactor& reactor, FleetLimits limits,
          std::function<void(const CheckReport&)> report)
        : reactor_(reactor), limits_(limits), report_(std::move(report)), checks_(reactor) {}

    // The targets of the sweeps that begin from now on. Checks that are running go on.
    void set_groups(std::vector<FleetGroup> groups) { groups_ = std::move(groups); }
    const std::vector<FleetGroup>& groups() const { return groups_; }

    enum class Slow { passed_over, waited_for };
    struct Sweep {
        Milliseconds spread{0};         // from the first group's start to the last one's, at least
        reactor::Scope starts;          // nothing is started after its end
        reactor::Scope checks;          // of each check; limits.check_time_max limits it further
        Slow slow = Slow::passed_over;  // the targets for which there are no slots at present
    };
    // How many targets were not checked: their last check is still running, or slow ones were too
    // many, or `starts` ended.
    reactor::Task<std::size_t> sweep(Sweep sweep);

    // Waits until no check is running.
    reactor::Task<void> finish() { return checks_.wait_for_all(); }

  private:
    reactor::Task<bool> wait_for_slots(std::size_t count, reactor::Scope scope);
    void start_group(const FleetGroup& group, const Sweep& sweep, SteadyTime began,
                     FleetGroup* waiting);
    reactor::Task<void> start_waiting(FleetGroup* waiting, const Sweep* sweep, SteadyTime began);
    void start(const std::shared_ptr<FleetMember>& member, const Sweep& sweep, SteadyTime began);
    bool must_wait(const FleetMember& member) const;
    reactor::Task<void> check(std::shared_ptr<FleetMember> member, SteadyTime since,
                              reactor::Scope scope);
    void release_slots_of_slow_checks();

    reactor::Reactor& reactor_;
    FleetLimits limits_;
    std::function<void(const CheckReport&)> report_;
    std::vector<FleetGroup> groups_;
    std::set<std::pair<SteadyTime, const FleetMember*>> slots_;  // of checks not slow yet, by start
    std::size_t slow_targets_running_ = 0;
    reactor::TaskSet checks_;  // last: they use all of the above
};

}  // namespace fas::engine
