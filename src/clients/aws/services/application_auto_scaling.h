// AWS Application Auto Scaling: within which bounds it keeps the capacity of a resource.
// https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DescribeScalableTargets.html
// https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
#pragma once

#include <optional>
#include <string>

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
};

// What DescribeScalableTargets answered, asked for one. Errors: not_found "TargetNotRegistered",
// invalid "UnusableAnswer".
Result<ScalableTarget> read_scalable_target(const reactor::HttpResponse& response,
                                            const ScalableTargetId& asked);

class ApplicationAutoScalingClient {
  public:
    explicit ApplicationAutoScalingClient(AwsContext& context);

    // Errors: the above, and those of AwsClient::send.
    reactor::Task<Result<ScalableTarget>> target(ScalableTargetId id, reactor::Scope scope);

    // Changes its bounds; a maximum that is not given stays. A capacity that is outside of them is
    // moved into them at once. Sending it twice does no harm. Gives the request id. Errors: invalid
    // (bounds that the resource cannot have), and those of AwsClient::send.
    reactor::Task<Result<std::string>> set_bounds(ScalableTargetId id, Tasks min,
                                                  std::optional<Tasks> max, reactor::Scope scope);

  private:
    AwsClient client_;
};

}  // namespace fas::clients
