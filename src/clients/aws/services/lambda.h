// AWS Lambda: the provisioned concurrency of a function's alias or version.
// https://docs.aws.amazon.com/lambda/latest/api/API_GetProvisionedConcurrencyConfig.html
// https://docs.aws.amazon.com/lambda/latest/api/API_PutProvisionedConcurrencyConfig.html
// https://docs.aws.amazon.com/lambda/latest/api/API_DeleteProvisionedConcurrencyConfig.html
#pragma once

#include <optional>
#include <string>

#include "base/count.h"
#include "clients/aws/client.h"

namespace fas::clients {

struct ProvisionedConcurrency {
    Tasks requested;
    Tasks available;     // ready to take an event
    std::string status;  // "IN_PROGRESS", "READY" or "FAILED"
    std::string reason;  // why it FAILED
};

// What GetProvisionedConcurrencyConfig answered. Errors: invalid "UnusableAnswer".
Result<ProvisionedConcurrency> read_provisioned_concurrency(const reactor::HttpResponse& response);

class LambdaClient {
  public:
    explicit LambdaClient(AwsContext& context);

    // The function is given by its name or its ARN. Nothing: none is configured. Errors: not_found
    // (no such function, alias or version), the above, and those of AwsClient::send.
    reactor::Task<Result<std::optional<ProvisionedConcurrency>>> provisioned_concurrency(
        std::string function, std::string qualifier, reactor::Scope scope);

    // Asks for so many: Lambda gets them ready afterwards. None at all is no configuration, which
    // Lambda has another operation for: a put takes 1 or more. Sending it twice does no harm. Gives
    // the request id. Errors: not_found, conflict (another change is going on), and those of
    // AwsClient::send.
    reactor::Task<Result<std::string>> set_provisioned_concurrency(std::string function,
                                                                   std::string qualifier,
                                                                   Tasks requested,
                                                                   reactor::Scope scope);

  private:
    AwsClient client_;
};

}  // namespace fas::clients
