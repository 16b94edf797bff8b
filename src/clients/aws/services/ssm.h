// AWS Systems Manager's Parameter Store: one parameter, decrypted where it is a SecureString.
// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
#pragma once

#include <cstdint>
#include <string>

#include "clients/aws/client.h"

namespace fas::clients {

struct SsmParameter {
    std::string value;         // may be a secret: not for a log, nor for a message
    std::int64_t version = 0;  // one more with each change, from 1
};

// What GetParameter answered. Errors, which never hold the value: invalid "UnusableAnswer".
Result<SsmParameter> read_parameter(const reactor::HttpResponse& response);

class SsmClient {
  public:
    explicit SsmClient(AwsContext& context);

    // `name` may be a path ("/prod/scaler"), an ARN, and end with ":" and a version or a label.
    // Errors: not_found (no such parameter, or version of it), denied (also to decrypt it), those
    // of read_parameter(), and those of AwsClient::send.
    reactor::Task<Result<SsmParameter>> parameter(std::string name, reactor::Scope scope);

  private:
    AwsClient client_;
};

}  // namespace fas::clients
