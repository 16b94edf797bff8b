// The fleet that a process checks, as its configuration and AWS have it at present: one and the
// same for `once`, `run` and Lambda. What is configured anew, or discovered, is in the next sweep;
// what cannot be seen goes on as it was known. One thread.
#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <utility>

#include "app/fleet_targets.h"
#include "app/plumbing.h"
#include "app/settings.h"
#include "app/shard.h"
#include "app/wired_fleet.h"

namespace fas::app {

class LiveFleet {
  public:
    // `report` is called at the end of each check. The plumbing must outlive it. Errors: those of
    // AwsAccounts::make.
    static Result<std::unique_ptr<LiveFleet>> make(
        FleetSettings settings, Shard shard, Plumbing& plumbing, bool dry_run,
        std::function<void(const engine::CheckReport&)> report);

    // What is configured from now on. False when no target has changed.
    bool configure(FleetSettings settings, Shard shard);
    const FleetSettings& configuration() const { return targets_.configuration(); }
    Shard shard() const { return targets_.shard(); }

    // Looks for services by their tags, as FleetTargets::discover, and takes what is found. False
    // when no target has changed.
    reactor::Task<bool> discover(reactor::Scope scope);
    bool discovery_failed() const { return targets_.discovery_failed(); }

    // As WiredFleet's.
    reactor::Task<std::size_t> sweep(engine::Fleet::Sweep sweep) {
        return wired_->sweep(std::move(sweep));
    }
    reactor::Task<void> finish(bool ends, reactor::Scope scope) {
        return wired_->finish(ends, std::move(scope));
    }
    void keep_memories_beside() { wired_->keep_memories_beside(); }
    const TargetSettings* target(std::string_view name) const { return wired_->target(name); }
    std::size_t size() const { return wired_->size(); }
    reactor::Task<void> prefetch(reactor::Scope scope) {
        return wired_->prefetch(std::move(scope));
    }

  private:
    LiveFleet(std::unique_ptr<WiredFleet> wired, Plumbing& plumbing)
        : targets_(plumbing.log), wired_(std::move(wired)) {}

    bool take_targets() { return wired_->set_targets(targets_.targets(), targets_.shape()); }

    FleetTargets targets_;
    std::unique_ptr<WiredFleet> wired_;
};

}  // namespace fas::app
