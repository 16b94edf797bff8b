// Amazon ECS: which services there are, what they have, and how many tasks one should have.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTasks.html
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/count.h"
#include "clients/aws/client.h"
#include "clients/aws/services/ecs_answers.h"

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

    // The ARNs of the region's clusters, and of a cluster's services: all pages, of which there may
    // be 200 with 100 ARNs each. Errors: not_found (no such cluster), invalid "TooManyPages",
    // "UnusableAnswer", and those of AwsClient::send; never only a part of them.
    reactor::Task<Result<std::vector<std::string>>> list_clusters(reactor::Scope scope);
    reactor::Task<Result<std::vector<std::string>>> list_services(std::string cluster,
                                                                  reactor::Scope scope);

    // How many of a service's tasks are protected from a scale-in now: a call for each hundred
    // tasks, besides those that list them. Errors: not_found (no such cluster or service), those
    // of listing and of read_protected(), and those of AwsClient::send; never a part of the count.
    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection.html
    reactor::Task<Result<Tasks>> protected_tasks(std::string cluster, std::string service,
                                                 reactor::Scope scope);

    // How many of these tasks are protected, given by their ARNs: one call, for 1 to 100. Errors
    // as above.
    reactor::Task<Result<Tasks>> protected_among(std::string cluster,
                                                 std::vector<std::string> tasks,
                                                 reactor::Scope scope);

  private:
    // What one operation lists: the member of its answers, and of its input what narrows it.
    struct Listing {
        std::string operation;
        std::string key;
        std::vector<std::pair<std::string, std::string>> filters;
    };
    reactor::Task<Result<std::vector<std::string>>> list(Listing listing, reactor::Scope scope);

    AwsClient client_;
};

}  // namespace fas::clients
