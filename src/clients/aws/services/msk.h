// Amazon MSK: where the brokers of a cluster are.
// https://docs.aws.amazon.com/msk/1.0/apireference/clusters-clusterarn-bootstrap-brokers.html
#pragma once

#include <string>
#include <string_view>

#include "clients/aws/client.h"

namespace fas::clients {

// How the brokers are to be spoken to: each way has its own ports, and a cluster has only those
// that were switched on.
enum class MskAccess { plaintext, tls, scram, iam };

// "host:port", or several with commas between them, as Kafka's clients take it.
constexpr std::string_view server_list_pattern = R"(^[A-Za-z0-9._:,\[\]-]{1,4096}$)";
bool is_server_list(std::string_view text);

// What GetBootstrapBrokers answered, an is_server_list(): "b-1.example:9098,b-2...". The addresses
// within the VPC, and the public ones where there are no others. Errors: not_found
// "NoSuchAccess", invalid "UnusableAnswer".
Result<std::string> read_bootstrap_brokers(const reactor::HttpResponse& response, MskAccess access);

class MskClient {
  public:
    explicit MskClient(AwsContext& context);

    // Errors: not_found (no such cluster, or no such access to it), denied, those of
    // read_bootstrap_brokers() and of AwsClient::send.
    reactor::Task<Result<std::string>> bootstrap_brokers(std::string cluster_arn, MskAccess access,
                                                         reactor::Scope scope);

  private:
    AwsClient client_;
};

}  // namespace fas::clients
