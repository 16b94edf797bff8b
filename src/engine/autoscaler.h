// The autoscaler of one target: observe the queue and the service, decide, claim, act. The heart of
// the program; one check is followed from top to bottom in autoscaler.cpp.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "engine/check_report.h"
#include "engine/scale_target.h"
#include "engine/state_store.h"
#include "engine/target_backlog.h"
#include "reactor/head_start.h"
#include "scaling/behavior.h"
#include "scaling/fallback.h"
#include "scaling/policy.h"
#include "scaling/rules.h"

namespace fas::engine {

// When a check reads the last actions, where they are not known from earlier ones.
enum class RecallState {
    with_the_look,  // at once, beside the queue and the service: an action comes a round earlier
    when_needed,    // when something is to be done: most checks of a fleet never ask
};

struct Target {
    std::string name;  // for people: "cluster/service"
    std::unique_ptr<scaling::Policy> policy;
    scaling::Rules rules;
    scaling::Behavior behavior;
    scaling::Fallback fallback;
    TargetBacklog backlog;
    std::unique_ptr<ScaleTarget> service;
    std::unique_ptr<StateStore> state;
    RecallState recall = RecallState::with_the_look;
};

class Autoscaler {
  public:
    // Reactor and clock must outlive the autoscaler. With dry_run nothing is ever written.
    Autoscaler(Target target, reactor::Reactor& reactor, const Clock& clock, bool dry_run)
        : target_(std::move(target)), clock_(clock), dry_run_(dry_run), head_start_(reactor) {}

    // Begins to read what a check begins with, for one that is expected at once: what it takes to
    // connect then overlaps with the wait for it. That check uses what was read if it comes within
    // a second, without an error; later ones, and a check that comes later, read anew.
    void look_ahead();

    // One check. It never scales in on anything unknown, and reports every failure; a scope that
    // ends is one. One check at a time. A reading of the queue that another target had begun at
    // `since` or later will do.
    reactor::Task<CheckReport> check(SteadyTime since, reactor::Scope scope);

  private:
    // What the queues and the service said when they were asked together.
    struct Look {
        TargetBacklog::Reading backlog;
        Result<scaling::ServiceState> service;
    };
    struct FirstLook {
        Look look;
        std::optional<Recollection> past;  // absent: not asked yet

        bool complete() const {
            return look.backlog.errors.empty() && look.service && (!past || past->errors.empty());
        }
    };

    reactor::Task<FirstLook> first_look(SteadyTime since, reactor::Scope scope);
    reactor::Task<FirstLook> look_and_recall(SteadyTime since, reactor::Scope scope);
    reactor::Task<Look> look(SteadyTime since, reactor::Scope scope);
    reactor::Task<Recollection> recall(scaling::Action action, reactor::Scope scope);
    void report_look(CheckReport* report, const Look& look);
    void take_backlog(CheckReport* report, const TargetBacklog::Reading& reading);
    void recommend(CheckReport* report);
    void apply_cooldown(CheckReport* report, const Recollection& past) const;
    bool is_to_act(const CheckReport& report) const;
    reactor::Task<void> act_if_allowed(CheckReport* report, Recollection past,
                                       reactor::Scope scope);
    reactor::Task<void> act(CheckReport* report, reactor::Scope scope);
    reactor::Task<void> spare_protected_tasks(CheckReport* report, reactor::Scope scope);
    reactor::Task<void> claim_and_change(CheckReport* report, reactor::Scope scope);

    Target target_;
    const Clock& clock_;
    bool dry_run_;
    std::optional<Tasks> expected_;  // desired, as the last check left it
    scaling::FallbackMemory readings_;
    scaling::BehaviorMemory wishes_;
    TimePoint head_start_begun_;
    reactor::HeadStart<FirstLook> head_start_;
};

}  // namespace fas::engine
