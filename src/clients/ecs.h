// Amazon ECS: what a service has, and how many tasks it should have.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
#pragma once

#include <string>

#include "base/count.h"
#include "clients/aws_client.h"

namespace fas::clients {

struct EcsService {
    std::string status;               // "ACTIVE", "DRAINING" or "INACTIVE"
    std::string scheduling_strategy;  // "REPLICA" or "DAEMON"
    Tasks desired;
    Tasks running;
    Tasks pending;
    bool deployment_in_progress = false;
};

// What DescribeServices answered, for the one service that it was asked for. Errors: not_found, and
// invalid "UnusableAnswer".
Result<EcsService> read_service(const reactor::HttpResponse& response);

class EcsClient {
  public:
    explicit EcsClient(AwsContext& context);

    // Errors: not_found (no such cluster or service, also where ECS says so with HTTP 200),
    // invalid (an answer without the counts), and those of AwsClient::send.
    reactor::Task<Result<EcsService>> describe_service(std::string cluster, std::string service,
                                                       reactor::Scope scope);

    // Sets the desired count and nothing else, which starts no deployment. Sending it twice does
    // no harm. Gives the request id. Errors: not_found (gone, or not ACTIVE), and those of
    // AwsClient::send.
    reactor::Task<Result<std::string>> update_desired_count(std::string cluster,
                                                            std::string service, Tasks desired,
                                                            reactor::Scope scope);

  private:
    AwsClient client_;
};

}  // namespace fas::clients
