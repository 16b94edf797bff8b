// The last actions as two small files on this machine, in the form and under the names that they
// have in S3:
//   PATH/CLUSTER/SERVICE/{up,down}-last-action.json
//
// Every action, in either direction, replaces the up file, under a lock and only if it still is
// what was read: of autoscalers on this machine that know the same state, one acts. A scale-in
// keeps what the file says and changes its writer alone. It writes the down file first: whoever
// reads without the lock, up and then down, and finds the up file unchanged, has seen both.
#pragma once

#include <optional>
#include <string>

#include "engine/store_type.h"
#include "engine/stores/state_folder.h"
#include "reactor/reactor.h"

namespace fas::engine {

class DirectoryStore final : public StateStore {
  public:
    // The reactor must outlive it.
    DirectoryStore(reactor::Reactor& reactor, std::string_view path, TargetIdentity target);

    // Looks into the files each time.
    reactor::Task<Recollection> read(scaling::Action action, reactor::Scope scope) override;

    reactor::Task<Result<void>> record(scaling::Action action, scaling::ScalingAction what,
                                       reactor::Scope scope) override;

  private:
    // One file as it was last seen.
    struct Seen {
        std::optional<std::string> text;  // nothing: there was none
        scaling::LastAction action;       // Unknown: it is no record
    };
    struct Slot {
        std::string_view name;
        std::optional<Seen> seen;  // empty: not read
    };

    bool refresh(Slot& slot, scaling::LastAction& action, Recollection& past);
    reactor::Task<Result<StateFolder::Lock>> take_lock(reactor::Scope scope);
    Result<void> record_locked(const StateFolder::Lock& lock, scaling::Action action,
                               const scaling::ScalingAction& what);
    Result<void> write(const StateFolder::Lock& lock, Slot& slot, scaling::Action direction,
                       const scaling::ScalingAction& what);
    Error explain(std::string_view what, std::error_code code) const;

    reactor::Reactor& reactor_;
    TargetIdentity target_;
    StateFolder folder_;
    Slot scale_out_{"up-last-action.json", {}};
    Slot scale_in_{"down-last-action.json", {}};
};

}  // namespace fas::engine
