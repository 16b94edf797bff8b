// Where a service is reached: AWS's own host for the region, in its FIPS or dual-stack form where
// that was asked for, or the address that the user named.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-endpoints.html
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "clients/aws/config/aws_settings.h"
#include "clients/aws/service.h"

namespace fas::clients {

struct Endpoint {
    std::string scheme;       // "https"; "http" only where the user said so
    std::string host;         // with the port, where it is not the scheme's own
    std::string base_path;    // without a slash at the end; mostly empty
    bool user_named = false;  // not AWS's own
    std::string region;       // to sign for
};

// A named endpoint (AwsSettings::endpoint_url) wins over AWS's own. FIPS and dual-stack are asked
// for by AWS_USE_FIPS_ENDPOINT and AWS_USE_DUALSTACK_ENDPOINT, by the profile's keys of these
// names, and FIPS also by a region in the older form "fips-us-east-1" or "us-east-1-fips". Errors,
// all of kind invalid: "BadRegion", when the region is no region's name; "BadEndpoint", when the
// named one is no http or https URL, or cannot be had together with FIPS or dual-stack;
// "NoFipsEndpoint", when the service has none there.
Result<Endpoint> resolve_endpoint(const AwsService& service, const std::string& region,
                                  const AwsSettings& settings);

// Whether a text has the form of a region's name, "eu-west-1", and so makes one label of a host
// name and nothing more. That there is such a region is not asked: new ones come.
bool is_region_name(std::string_view text);

// Whether AWS's own hosts of some partition end so, "amazonaws.com" or "api.aws".
bool is_aws_suffix(std::string_view text);

}  // namespace fas::clients
