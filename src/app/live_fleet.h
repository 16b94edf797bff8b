// The fleet that a process checks, as its configuration and AWS have it at present: one and the
// same for `once`, `run` and Lambda. Its targets are in the order in which they can be read
// together. What is configured anew, or discovered, is in the next sweep; what cannot be seen goes
// on as it was known. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/fleet_targets.h"
#include "app/kept_memories.h"
#include "app/other_masters.h"
#include "app/plumbing.h"
#include "app/settings.h"
#include "app/shard.h"
#include "app/wiring.h"
#include "engine/fleet.h"

namespace fas::app {

class LiveFleet {
  public:
    // `report` is called at the end of each check. The plumbing must outlive it. Errors: those of
    // AwsAccounts::make.
    static Result<std::unique_ptr<LiveFleet>> make(
        FleetSettings settings, Shard shard, Plumbing& plumbing, bool dry_run,
        std::function<void(const engine::CheckReport&)> report);

    // What is configured from now on. What was there before goes on, and keeps what it remembers,
    // also where it is configured otherwise now. False when no target has changed.
    bool configure(FleetSettings settings, Shard shard);
    const FleetSettings& configuration() const { return targets_.configuration(); }
    Shard shard() const { return targets_.shard(); }

    // Looks for services by their tags, as FleetTargets::discover, and takes what is found. False
    // when no target has changed.
    reactor::Task<bool> discover(reactor::Scope scope);
    bool discovers() const { return targets_.discovers(); }
    bool discovery_failed() const { return targets_.discovery_failed(); }

    // Says who else scales the targets, of those that it has not asked about yet. In a dry run also
    // what of that cannot be known. False: there are none.
    reactor::Task<bool> look_for_other_masters(reactor::Scope scope);

    // Begins the next check of a lone target, as Autoscaler::prefetch, and reads what was kept.
    reactor::Task<void> prefetch(reactor::Scope scope);

    // Fleet::sweep. Targets that are new remember what was kept of them.
    reactor::Task<std::size_t> sweep(engine::Fleet::Sweep sweep);

    // Waits until no check is running, then keeps what is remembered, if it is time to or the
    // process `ends`.
    reactor::Task<void> finish(bool ends, reactor::Scope scope);

    // The same beside the checks that are running, and awaited by nobody but finish().
    void keep_memories_beside() { memories_.keep_beside(); }

    // By the name that reports give; null when there is none (any more).
    const TargetSettings* target(std::string_view name) const;
    std::size_t size() const { return members_.size(); }

  private:
    struct Member {
        TargetSettings settings;
        std::shared_ptr<engine::FleetMember> member;
        adapters::KeptMemory* kept = nullptr;
        std::uint32_t queues = 0;     // tells them from those that it had before
        bool recalled = false;        // it remembers what was kept of it
        bool checked_before = false;  // before it did
    };
    using Members = std::map<std::string, Member, std::less<>>;  // by name

    LiveFleet(std::unique_ptr<AwsAccounts> accounts, Plumbing& plumbing, bool dry_run,
              std::function<void(const engine::CheckReport&)> report);

    bool take_targets();
    engine::Target target_of(const TargetSettings& settings, const FleetShape& shape,
                             adapters::KeptMemory* kept);
    engine::FleetMember* lone_and_idle() const;  // null: there are more, or it is being checked
    Member changed_member(const Member& known, const TargetSettings& settings,
                          const FleetShape& shape);
    Member new_member(const TargetSettings& settings, const FleetShape& shape);
    void retire_all_but(const Members& members);
    void recall_of_new_members();
    void note(const engine::CheckReport& report);

    std::unique_ptr<AwsAccounts> accounts_;
    Wiring wiring_;
    KeptMemories memories_;
    FleetTargets targets_;
    OtherMasters other_masters_;
    Members members_;
    // That were taken out, or had another service, while a check of theirs was running.
    std::map<std::string, std::shared_ptr<engine::FleetMember>, std::less<>> leaving_;
    FleetShape shape_;  // of the members
    engine::Fleet fleet_;
};

}  // namespace fas::app
