// A kind of target: what the configuration calls it, what it can be told, and how one is made. Each
// kind is one file beside this one, and one line in kinds.h.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/option.h"
#include "clients/aws/account.h"
#include "engine/scale_target.h"

namespace fas::adapters {

using engine::ScaleTarget;

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

struct TargetKind {
    std::string_view name;  // target_type
    std::span<const Option> options;
    TargetIdentity (*identity_of)(const TargetDescription& description);
    std::optional<OptionProblem> (*problem)(const Options& options);  // null: there can be none
    // The account must outlive the target.
    std::unique_ptr<ScaleTarget> (*make)(const TargetDescription& description,
                                         clients::AwsAccount& account);
};

}  // namespace fas::adapters
