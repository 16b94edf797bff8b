// Who else changes how many a target has: of two autoscalers, what one sets the other undoes. Asked
// of AWS beside the checks, and never in one. A kind's targets are asked about together.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "adapters/targets/target_kind.h"
#include "base/result.h"

namespace fas::adapters {

// A target as Application Auto Scaling calls it: "service/shop/worker".
struct ScalableResource {
    TargetIdentity target;
    std::string resource_id;
};

// What of resources is scaled: "ecs", "ecs:service:DesiredCount". Constants of the program.
struct ScalableDimension {
    std::string_view service_namespace;
    std::string_view dimension;
};

// Of targets that this program sets by their own API, those that are registered with Application
// Auto Scaling as well and not suspended there: one call for each fifty. The account must outlive
// it. Errors: those of ApplicationAutoScalingClient::registered, with the right that is needed.
reactor::Task<Result<std::vector<OtherMaster>>> registered_elsewhere(
    ScalableDimension scaled, ScalableResource (*resource_of)(const TargetDescription& target),
    std::vector<TargetDescription> targets, clients::AwsAccount* account, reactor::Scope scope);

// Why it is not known who else changes them; `rights` are those that tell.
Error unknown_masters(Error error, std::string_view rights);

// "a, b and c"
std::string listed(const std::vector<std::string>& names);

}  // namespace fas::adapters
