// The last actions as two small S3 objects, in the original Fast Autoscaler's layout:
//   s3://BUCKET/autoscaling-state/CLUSTER/SERVICE/{up,down}-last-action.json
//
// Writing is conditional on the object being the one that was read, so that of two autoscalers
// which saw the same, one acts. What was read or written is remembered with its ETag: a daemon
// reads once, and its claims notice when somebody else has written since.
#pragma once

#include <optional>
#include <string>

#include "clients/s3.h"
#include "engine/state_store.h"

namespace fas::engine {

class S3Store final : public StateStore {
  public:
    S3Store(clients::AwsContext& context, std::string bucket, std::string cluster,
            std::string service);

    reactor::Task<Recollection> read(reactor::Scope scope) override;

    // A scale-in also depends on the last scale-out, and so conflicts with a newer one of those.
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
    };

    reactor::Task<Result<Seen>> fetch(std::string key, reactor::Scope scope);
    reactor::Task<Result<void>> refresh(Slot* slot, reactor::Scope scope);
    reactor::Task<Result<void>> write(Slot* slot, scaling::Action direction,
                                      scaling::ScalingAction what, reactor::Scope scope);
    reactor::Task<Result<void>> confirm_unchanged(Slot* slot, reactor::Scope scope);
    Error explain(Error error, std::string_view what, const std::string& key) const;

    clients::S3Client client_;
    std::string bucket_;
    std::string cluster_;
    std::string service_;
    Slot scale_out_;
    Slot scale_in_;
};

}  // namespace fas::engine
