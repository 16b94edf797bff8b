// Where what the targets remember is kept (adapters/stores/kept_memory.h): of a lone target beside
// its last actions, of a fleet in one text for each shard. One thread.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>

#include "adapters/stores/kept_memory.h"
#include "app/fleet_targets.h"
#include "app/plumbing.h"
#include "app/settings.h"
#include "app/wiring.h"
#include "reactor/task_set.h"

namespace fas::app {

class KeptMemories {
  public:
    // The wiring and the plumbing must outlive it. With dry_run nothing is ever written.
    KeptMemories(Wiring& wiring, Plumbing& plumbing, bool dry_run)
        : wiring_(wiring), plumbing_(plumbing), dry_run_(dry_run), keeping_(plumbing.reactor) {}

    // Those of targets that follow are in use; others rest until they are again.
    void begin_targets() {
        in_use_.clear();
        needed_.clear();
    }
    void end_targets();
    // Whether a target's decisions depend on earlier ones as a rule, and not only where a record of
    // its actions is of the future. Then its memory is read before its first check.
    static bool remembers(const TargetSettings& settings);
    adapters::KeptMemory* of(const TargetSettings& settings, const FleetShape& shape);

    // Whether nothing is left to recall of those that remember.
    bool recalled() const;
    // Reads what was not read yet, of theirs or of one. What cannot be had is said
    // as a trouble, and so is its end.
    reactor::Task<void> recall(reactor::Scope scope);
    reactor::Task<void> recall_one(adapters::KeptMemory* one, reactor::Scope scope);

    // KeptMemory::keep() of all that are in use; trouble is said likewise.
    reactor::Task<void> keep(bool ends, reactor::Scope scope);
    void keep_beside();

  private:
    // The account's region, the bucket, the kind of store and its options, and the folder.
    using Place = std::tuple<std::string, std::string, Options, std::string, std::string>;

    reactor::Task<void> keep_one(adapters::KeptMemory* one, bool ends, reactor::Scope scope);
    reactor::Task<void> keep_all(bool ends, reactor::Scope scope);
    void note(std::string_view what, adapters::KeptMemory* one);

    Wiring& wiring_;
    Plumbing& plumbing_;
    bool dry_run_;
    std::map<Place, std::unique_ptr<adapters::KeptMemory>>
        kept_;                                             // none goes: others point to them
    std::map<adapters::KeptMemory*, std::string> in_use_;  // and what people call it
    std::set<adapters::KeptMemory*> needed_;               // of them, by targets that remember
    reactor::TaskSet keeping_;                             // last: it uses all of the above
};

}  // namespace fas::app
