// A kind of target: what the configuration calls it, what it can be told, and how one is made. Each
// kind is one file beside this one, and one line in kinds.h.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/kind.h"
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

// Something else that changes how many a target has.
struct OtherMaster {
    TargetIdentity target;
    std::string message;  // who, and what to do about it
};

struct TargetKind : Kind {  // target_type
    TargetIdentity (*identity_of)(const TargetDescription& description);
    // The account must outlive the target.
    std::unique_ptr<ScaleTarget> (*make)(const TargetDescription& description,
                                         clients::AwsAccount& account);
    // Asks AWS who else changes the number of these targets. The account must outlive the call. The
    // error says which right tells.
    reactor::Task<Result<std::vector<OtherMaster>>> (*other_masters)(
        std::vector<TargetDescription> targets, clients::AwsAccount* account, reactor::Scope scope);
};

// Of the kind whose options are this struct, and whose targets are made of those and the account.
// `identity_of` and `check` take the struct.
template <class Struct, class Target, auto identity_of, auto other_masters, auto check = nullptr>
constexpr TargetKind target_kind(std::string_view name, std::span<const Row> rows,
                                 std::string_view variable_prefix = {}) {
    return {kind_of<Struct, check>(name, rows, variable_prefix),
            [](const TargetDescription& description) {
                return identity_of(description.options.as<Struct>());
            },
            [](const TargetDescription& description,
               clients::AwsAccount& account) -> std::unique_ptr<ScaleTarget> {
                return std::make_unique<Target>(description.options.as<Struct>(), account);
            },
            other_masters};
}

}  // namespace fas::adapters
