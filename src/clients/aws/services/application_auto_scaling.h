// AWS Application Auto Scaling: within which bounds it keeps the capacity of a resource.
// https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DescribeScalableTargets.html
// https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
// https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DescribeScalingPolicies.html
// https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DescribeScheduledActions.html
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/count.h"
#include "clients/aws/client.h"

namespace fas::clients {

// What one is known by.
struct ScalableTargetId {
    std::string service_namespace;  // "dynamodb"
    std::string resource_id;        // "table/orders"
    std::string dimension;          // "dynamodb:table:ReadCapacityUnits"
};

struct ScalableTarget {
    Tasks min;
    Tasks max;
    bool in_suspended = false;  // no policy may scale in
    bool out_suspended = false;
    bool schedules_suspended = false;  // no scheduled action changes its bounds
};

// One of several that were asked for.
struct RegisteredTarget {
    std::string resource_id;
    ScalableTarget target;
};

// What DescribeScalableTargets answered, asked for one. Errors: not_found "TargetNotRegistered",
// invalid "UnusableAnswer".
Result<ScalableTarget> read_scalable_target(const reactor::HttpResponse& response,
                                            const ScalableTargetId& asked);

// What DescribeScalableTargets answered, asked for several. Errors: invalid "UnusableAnswer".
Result<std::vector<RegisteredTarget>> read_registered(const reactor::HttpResponse& response,
                                                      std::string_view dimension);

// The names of what `operation` describes: of the list `key`, each one's member `name`. Errors:
// invalid "UnusableAnswer".
Result<std::vector<std::string>> read_names(const reactor::HttpResponse& response,
                                            std::string_view operation, std::string_view key,
                                            std::string_view name);

class ApplicationAutoScalingClient {
  public:
    // As many as one call of registered() takes.
    static constexpr std::size_t resources_per_call_max = 50;

    explicit ApplicationAutoScalingClient(AwsContext& context);

    // Errors: the above, and those of AwsClient::send.
    reactor::Task<Result<ScalableTarget>> target(ScalableTargetId id, reactor::Scope scope);

    // Of 1 to 50 resources those that are registered in a dimension, in one call. Errors: those of
    // read_registered() and of AwsClient::send.
    reactor::Task<Result<std::vector<RegisteredTarget>>> registered(
        std::string service_namespace, std::string dimension, std::vector<std::string> resources,
        reactor::Scope scope);

    // The names of the target's scaling policies, and of its scheduled actions: of the first page,
    // which has fifty. Errors: those of read_names() and of AwsClient::send.
    reactor::Task<Result<std::vector<std::string>>> policies(ScalableTargetId id,
                                                             reactor::Scope scope);
    reactor::Task<Result<std::vector<std::string>>> scheduled_actions(ScalableTargetId id,
                                                                      reactor::Scope scope);

    // Changes its bounds; a maximum that is not given stays. A capacity that is outside of them is
    // moved into them at once. Sending it twice does no harm. Gives the request id. Errors: invalid
    // (bounds that the resource cannot have), and those of AwsClient::send.
    reactor::Task<Result<std::string>> set_bounds(ScalableTargetId id, Tasks min,
                                                  std::optional<Tasks> max, reactor::Scope scope);

  private:
    reactor::Task<Result<reactor::HttpResponse>> describe(std::string operation,
                                                          ScalableTargetId id,
                                                          reactor::Scope scope);

    AwsClient client_;
};

}  // namespace fas::clients
