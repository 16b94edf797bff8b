// The autoscaler of one target: observe the queue and the service, decide, claim, act. The heart of
// the program; one check is followed from top to bottom in autoscaler.cpp.
#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "engine/check_report.h"
#include "engine/queue_source.h"
#include "engine/scale_target.h"
#include "engine/state_store.h"
#include "scaling/policy.h"
#include "scaling/rules.h"

namespace fas::engine {

struct Target {
    std::string name;  // for people: "cluster/service"
    std::unique_ptr<scaling::Policy> policy;
    scaling::Rules rules;
    std::unique_ptr<QueueSource> queue;
    std::unique_ptr<ScaleTarget> service;
    std::unique_ptr<StateStore> state;
};

class Autoscaler {
  public:
    // The clock must outlive the autoscaler. With dry_run nothing is ever written.
    Autoscaler(Target target, const Clock& clock, bool dry_run)
        : target_(std::move(target)), clock_(clock), dry_run_(dry_run) {}

    // One check. It never scales in on anything unknown, and reports every failure; a scope that
    // ends is one. One check at a time.
    reactor::Task<CheckReport> check(reactor::Scope scope);

  private:
    reactor::Task<Recollection> observe_and_recall(CheckReport* report, reactor::Scope scope);
    reactor::Task<bool> observe(CheckReport* report, reactor::Scope scope);
    bool decide(CheckReport* report, const Recollection& past) const;
    bool is_to_act(const CheckReport& report) const;
    reactor::Task<void> act(CheckReport* report, reactor::Scope scope);

    Target target_;
    const Clock& clock_;
    bool dry_run_;
};

}  // namespace fas::engine
