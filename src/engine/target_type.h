// A kind of target: what the configuration calls it, what it can be told, and how one is made. Each
// kind is one file in targets/, and one line in targets/types.h.
#pragma once

#include <memory>
#include <string>

#include "base/kind.h"
#include "clients/aws_account.h"
#include "engine/scale_target.h"

namespace fas::engine {

// What a target is known by: "group/name" in reports, and in the state's key.
struct TargetIdentity {
    std::string group;  // an ECS service's cluster; of others their kind
    std::string name;

    bool operator==(const TargetIdentity&) const = default;
};

// What the configuration says of one.
struct TargetDescription {
    std::string cluster;  // of an ECS service, which has these two for historical reasons at the
    std::string service;  // configuration's top
    Options options;      // target_config
};

struct TargetType : Kind {  // target_type
    TargetIdentity (*identity_of)(const TargetDescription& description);
    // The account must outlive the target.
    std::unique_ptr<ScaleTarget> (*make)(const TargetDescription& description,
                                         clients::AwsAccount& account);
};

}  // namespace fas::engine
