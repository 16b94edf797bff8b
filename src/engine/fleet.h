// Many autoscalers in one process. A sweep starts one check of each target: those that can be read
// together at the same time, everything else spread out and bounded. One thread.
//
// A slow target holds up nobody: a check that takes long gives up its place among the others, the
// next sweeps pass over its target until it has ended, and targets whose last check was slow share
// few places of their own.
#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <vector>

#include "engine/autoscaler.h"
#include "engine/check_report.h"
#include "reactor/background.h"
#include "reactor/event.h"
#include "reactor/reactor.h"
#include "reactor/scope.h"
#include "reactor/task.h"

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
        : reactor_(reactor), limits_(limits), report_(std::move(report)), check_ended_(reactor) {}

    // The targets of the sweeps that begin from now on. Checks that are running go on.
    void set_groups(std::vector<FleetGroup> groups) { groups_ = std::move(groups); }
    const std::vector<FleetGroup>& groups() const { return groups_; }

    struct Sweep {
        Milliseconds spread{0};  // from the first group's start to the last one's, at least
        reactor::Scope starts;   // nothing is started after its end
        reactor::Scope checks;   // of each check; limits.check_time_max limits it further
    };
    // How many targets were not checked: their last check is still running, or slow ones were too
    // many, or `starts` ended.
    reactor::Task<std::size_t> sweep(Sweep sweep);

    // Waits until no check is running.
    reactor::Task<void> finish();

  private:
    struct Run {
        std::shared_ptr<FleetMember> member;
        SteadyTime started;
        bool overdue = false;  // it has given up its place
        bool ended = false;
        reactor::Background task;
    };

    reactor::Task<bool> wait_for_places(std::size_t count, reactor::Scope scope);
    std::size_t start_group(const FleetGroup& group, SteadyTime since, const reactor::Scope& scope);
    bool is_to_wait(const FleetMember& member) const;
    void start(const std::shared_ptr<FleetMember>& member, SteadyTime since,
               const reactor::Scope& scope);
    reactor::Task<void> check(Run* run, SteadyTime since, reactor::Scope scope);
    void end(Run& run);
    void forget_ended();
    void take_places_of_slow_checks();

    reactor::Reactor& reactor_;
    FleetLimits limits_;
    std::function<void(const CheckReport&)> report_;
    std::vector<FleetGroup> groups_;
    std::size_t places_taken_ = 0;  // by checks that are not overdue
    std::size_t slow_targets_running_ = 0;
    std::size_t ended_ = 0;  // of running_
    reactor::Event check_ended_;
    std::list<Run> running_;  // in order of their starts; last: they use all of the above
};

}  // namespace fas::engine
