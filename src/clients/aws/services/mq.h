// Amazon MQ: where a broker's console is.
// https://docs.aws.amazon.com/amazon-mq/latest/api-reference/brokers-broker-id.html
#pragma once

#include <string>
#include <vector>

#include "clients/aws/client.h"

namespace fas::clients {

enum class MqEngine { activemq, rabbitmq };

struct MqBroker {
    std::string name;
    std::string state;  // "RUNNING", "REBOOT_IN_PROGRESS"
    MqEngine engine = MqEngine::activemq;
    // https:// addresses without a path at the end, one an instance. Of an active/standby pair both
    // are there, and the standby's refuses connections. Empty while the broker is being created.
    std::vector<std::string> console_urls;
};

// What DescribeBroker answered. Errors: invalid "UnusableAnswer".
Result<MqBroker> read_broker(const reactor::HttpResponse& response);

class MqClient {
  public:
    explicit MqClient(AwsContext& context);

    // `broker_id` is no name: "b-1234a5b6-78cd-901e-2fgh-3i45j6k178l9". Errors: not_found (no such
    // broker in this account and region), those of read_broker(), and those of AwsClient::send.
    reactor::Task<Result<MqBroker>> describe_broker(std::string broker_id, reactor::Scope scope);

  private:
    AwsClient client_;
};

}  // namespace fas::clients
