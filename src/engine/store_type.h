// A kind of state store: what the configuration calls it, what it can be told, and how one is made.
// Each kind is one file in stores/, and one line in stores/types.h.
#pragma once

#include <memory>
#include <string>

#include "base/kind.h"
#include "clients/aws_account.h"
#include "engine/target_type.h"
#include "engine/versioned_store.h"

namespace fas::engine {

// What the configuration says of one, and in whose folder its texts are.
struct StoreDescription {
    std::string bucket;  // s3_config_bucket, which is for historical reasons at the top
    Options options;     // state_config
    TargetIdentity target;
};

struct StoreType : Kind {  // state_type
    // The account is our own, whoever's the target is, and must outlive the store.
    std::unique_ptr<VersionedStore> (*make)(const StoreDescription& description,
                                            clients::AwsAccount& account);
};

}  // namespace fas::engine
