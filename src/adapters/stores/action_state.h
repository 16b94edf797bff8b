// The claim protocol: the last actions of a target as two texts of a store, in the original Fast
// Autoscaler's form and under its names, "up-last-action.json" and "down-last-action.json".
//
// Every action, in either direction, replaces the up text on condition that it is the one that is
// known here: of autoscalers that know the same state, one acts. A scale-in keeps what that text
// says and changes its writer alone, then replaces the down text on the same condition: who learned
// the new up text before the down text has changed loses there. Where a store keeps both texts in
// one item, a claim is one write.
//
// What was read or written is remembered with its version: a daemon reads once, and its claims
// notice when somebody else has written since. Nothing is ever written over what was not read:
// while a text cannot be read, nothing is recorded.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/stores/versioned_store.h"
#include "adapters/targets/target_kind.h"
#include "engine/state_store.h"

namespace fas::adapters {

class ActionState final : public engine::StateStore {
  public:
    ActionState(std::unique_ptr<VersionedStore> store, TargetIdentity target);

    reactor::Task<engine::Recollection> read(scaling::Action action, reactor::Scope scope) override;

    reactor::Task<Result<void>> record(scaling::Action action, scaling::ScalingAction what,
                                       reactor::Scope scope) override;

    reactor::Task<Result<void>> confirm(reactor::Scope scope) override;

  private:
    // An item as it was last seen.
    struct Seen {
        Version version;
    };

    // One direction's last action as it was last seen.
    struct Remembered {
        std::string_view name;      // of its text
        std::optional<Seen>* seen;  // its item, of which both may be; empty: not read, or changed
        scaling::LastAction action = scaling::Unknown{"it was not read"};

        bool known() const { return *seen && !std::holds_alternative<scaling::Unknown>(action); }
    };

    reactor::Task<Result<bool>> refresh(Remembered* what, bool wanted, reactor::Scope scope);
    scaling::LastAction recollect(const Remembered& what, engine::Recollection* past) const;
    reactor::Task<Result<void>> write(Remembered* what, scaling::Action direction,
                                      std::optional<scaling::ScalingAction> action,
                                      reactor::Scope scope);

    std::unique_ptr<VersionedStore> store_;
    TargetIdentity target_;
    bool together_;
    std::optional<Seen> scale_out_item_;
    std::optional<Seen> scale_in_item_;
    Remembered scale_out_;
    Remembered scale_in_;
    bool scale_in_told_ = false;  // to who has asked for it, since anything was learned anew
};

}  // namespace fas::adapters
