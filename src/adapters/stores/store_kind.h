// A kind of state store: what the configuration calls it, what it can be told, and how one is made.
// Each kind is one file beside this one, and one line in kinds.h.
#pragma once

#include <memory>
#include <string>

#include "adapters/stores/versioned_store.h"
#include "adapters/targets/target_kind.h"
#include "base/kind.h"
#include "clients/aws/account.h"

namespace fas::adapters {

// What the configuration says of one, and in whose folder its texts are.
struct StoreDescription {
    std::string bucket;  // s3_config_bucket, which is for historical reasons at the top
    Options options;     // state_config
    TargetIdentity target;
};

struct StoreKind : Kind {  // state_type
    // The account is our own, whoever's the target is, and must outlive the store.
    std::unique_ptr<VersionedStore> (*make)(const StoreDescription& description,
                                            clients::AwsAccount& account);
};

}  // namespace fas::adapters
