// The last actions as two small S3 objects, in the original Fast Autoscaler's layout:
//   s3://BUCKET/autoscaling-state/CLUSTER/SERVICE/{up,down}-last-action.json
//
// Every action, in either direction, writes the up object on condition that it is the one that was
// read: of autoscalers that know the same state, one acts. A scale-in keeps what the object says
// and changes its writer alone, then records itself in the down object. What was read or written is
// remembered with its ETag: a daemon reads once, and its claims notice when somebody else has
// written since. Nothing is ever written over what was not read: while an object cannot be read,
// nothing is recorded.
#pragma once

#include <optional>
#include <string>

#include "clients/s3.h"
#include "engine/state_store.h"

namespace fas::engine {

class S3Store final : public StateStore {
  public:
    // The client must outlive it.
    S3Store(clients::S3Client& client, std::string bucket, std::string cluster,
            std::string service);

    reactor::Task<Recollection> read(scaling::Action action, reactor::Scope scope) override;

    reactor::Task<Result<void>> record(scaling::Action action, scaling::ScalingAction what,
                                       reactor::Scope scope) override;

  private:
    // One object as it was last seen.
    struct Seen {
        scaling::LastAction action;
        clients::WriteCondition unchanged;  // holds for as long as nobody else writes
        std::string writer;
    };
    struct Slot {
        std::string key;
        std::optional<Seen> seen;  // empty: not read, or known to be out of date

        bool known() const {
            return seen && !std::holds_alternative<scaling::Unknown>(seen->action);
        }
    };

    reactor::Task<Result<Seen>> fetch(std::string key, reactor::Scope scope);
    reactor::Task<Result<void>> refresh(Slot* slot, reactor::Scope scope);
    reactor::Task<Result<void>> write(Slot* slot, scaling::Action direction,
                                      scaling::ScalingAction what, reactor::Scope scope);
    static scaling::ScalingAction last_action(const Slot& slot);
    Error explain(Error error, std::string_view what, const std::string& key) const;

    clients::S3Client& client_;
    std::string bucket_;
    std::string cluster_;
    std::string service_;
    Slot scale_out_;
    Slot scale_in_;
};

}  // namespace fas::engine
