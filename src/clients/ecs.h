// Amazon ECS: what services have, and how many tasks one should have.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
#pragma once

#include <string>
#include <vector>

#include "base/count.h"
#include "clients/aws_client.h"
#include "clients/ecs_answers.h"

namespace fas::clients {

class EcsClient {
  public:
    // As many as one call of describe_services takes.
    static constexpr std::size_t services_per_call_max = 10;

    explicit EcsClient(AwsContext& context);

    // One call for 1 to 10 services of a cluster, each named or given by its ARN, as the cluster
    // may be too. One result for each, in the order asked: read_services() says which errors are
    // one service's alone. Errors of the call: not_found (no such cluster), invalid (an answer
    // without services), and those of AwsClient::send.
    reactor::Task<Result<std::vector<Result<EcsService>>>> describe_services(
        std::string cluster, std::vector<std::string> services, reactor::Scope scope);

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
