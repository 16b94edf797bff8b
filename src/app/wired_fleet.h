// The fleet that the configuration asks for: its targets, put in the order in which they can be
// read together, and replaced when the configuration changes. One thread.
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
#include "app/plumbing.h"
#include "app/settings.h"
#include "app/wiring.h"
#include "engine/fleet.h"

namespace fas::app {

class WiredFleet {
  public:
    // `report` is called at the end of each check. The plumbing must outlive it. Errors: those of
    // AwsAccounts::make.
    static Result<std::unique_ptr<WiredFleet>> make(
        const ProcessSettings& settings, Plumbing& plumbing, bool dry_run,
        std::function<void(const engine::CheckReport&)> report);

    // The targets from now on. What was there before goes on, and keeps what it remembers, also
    // where it is configured otherwise now. False when nothing has changed.
    bool set_targets(const std::vector<TargetSettings>& targets, const FleetShape& shape);

    // Fleet::sweep. Targets that are new remember what was kept of them.
    reactor::Task<std::size_t> sweep(engine::Fleet::Sweep sweep);

    // Waits until no check is running, then keeps what is remembered, if it is time to or the
    // process `ends`.
    reactor::Task<void> finish(bool ends, reactor::Scope scope);

    // The same beside the checks that are running, and awaited by nobody but finish().
    void keep_memories_beside() { memories_.keep_beside(); }

    AwsAccounts& accounts() { return *accounts_; }

    // By the name that reports give; null when there is none (any more).
    const TargetSettings* target(std::string_view name) const;
    std::size_t size() const { return members_.size(); }

    // Begins the first check of a lone target, as Autoscaler::prefetch, and reads what was kept.
    reactor::Task<void> prefetch(reactor::Scope scope);

  private:
    struct Member {
        TargetSettings settings;
        std::shared_ptr<engine::FleetMember> member;
        adapters::KeptMemory* kept = nullptr;  // null: it has nothing to remember
        std::uint32_t queues = 0;              // tells them from those that it had before
        bool recalled = false;                 // it remembers what was kept of it
    };
    using Members = std::map<std::string, Member, std::less<>>;  // by name

    WiredFleet(std::unique_ptr<AwsAccounts> accounts, Plumbing& plumbing, bool dry_run,
               std::function<void(const engine::CheckReport&)> report);

    Member changed_member(const Member& known, const TargetSettings& settings,
                          const FleetShape& shape);
    Member new_member(const TargetSettings& settings, const FleetShape& shape);
    void retire_all_but(const Members& members);
    void recall_of_new_members();
    void note(const engine::CheckReport& report);

    std::unique_ptr<AwsAccounts> accounts_;
    Wiring wiring_;
    KeptMemories memories_;
    Members members_;
    FleetShape shape_;
    engine::Fleet fleet_;
};

}  // namespace fas::app
