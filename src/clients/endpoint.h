// Where a service is reached: AWS's own host for the region, or the address that the user named.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
#pragma once

#include <string>

#include "base/environment.h"
#include "base/result.h"
#include "clients/aws_service.h"

namespace fas::clients {

struct Endpoint {
    std::string scheme;       // "https"; "http" only where the user said so
    std::string host;         // with the port, where it is not the scheme's own
    std::string base_path;    // without a slash at the end; mostly empty
    bool user_named = false;  // from AWS_ENDPOINT_URL or AWS_ENDPOINT_URL_<SERVICE>
};

// AWS_ENDPOINT_URL_<SERVICE> wins over AWS_ENDPOINT_URL;
// AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true turns both off.
// Errors: invalid, when such a variable holds no http or https URL.
Result<Endpoint> resolve_endpoint(const AwsService& service, const std::string& region,
                                  const Environment& environment);

}  // namespace fas::clients
