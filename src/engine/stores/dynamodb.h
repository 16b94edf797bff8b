// The last actions of a target as one item of a DynamoDB table, whose partition key is `target`:
//   target               "CLUSTER/SERVICE"
//   scale_out_at         "2026-11-23T21:42:01.123456Z"; absent: there was none
//   scale_out_desired    5, scale_out_messages 420: what it set, and what for
//   scale_in_at, ...     the same
//   writer               tells each claim from all others
//
// Every action, in either direction, is one conditional write: it changes its own attributes and
// the writer, if that still is the one that was read. What was read or written is remembered: a
// daemon reads once, and its claims notice when somebody else has written since. Attributes of
// other names stay as they are. Nothing is ever written over what was not read.
#pragma once

#include <optional>
#include <string>

#include "clients/dynamodb.h"
#include "engine/store_type.h"

namespace fas::engine {

class DynamoDbStore final : public StateStore {
  public:
    // The client must outlive it.
    DynamoDbStore(clients::DynamoDbClient& client, std::string table, const TargetIdentity& target);

    reactor::Task<Recollection> read(scaling::Action action, reactor::Scope scope) override;

    reactor::Task<Result<void>> record(scaling::Action action, scaling::ScalingAction what,
                                       reactor::Scope scope) override;

  private:
    // The item as it was last seen.
    struct Seen {
        std::optional<std::string> writer;  // none in an item of somebody else's, and in none
        scaling::History history;           // what cannot be understood is Unknown
        bool scale_in_told = false;         // read() was asked for it
    };

    reactor::Task<Result<Seen>> fetch(reactor::Scope scope);
    Seen read_item(const clients::DynamoItem& item) const;
    clients::DynamoUpdate update_of(scaling::Action action, const scaling::ScalingAction& what,
                                    const std::string& writer) const;
    reactor::Task<Result<void>> claim(clients::DynamoUpdate update, std::string writer,
                                      reactor::Scope scope);
    Error explain(Error error, std::string_view what) const;

    clients::DynamoDbClient& client_;
    std::string table_;
    std::string target_;
    std::optional<Seen> seen_;  // empty: not read, or known to be out of date
};

}  // namespace fas::engine
