// Regions, which become part of a host's name: none leads anywhere but to AWS.
#include <algorithm>
#include <array>

#include "clients/aws/endpoint.h"
#include "tests/fuzz/fuzz.h"

namespace fas::fuzz::region_host {

namespace {

using clients::AwsService;

constexpr std::array services{
    AwsService{.name = "SQS",
               .signing_name = "sqs",
               .host_prefix = "sqs",
               .target_prefix = "AmazonSQS",
               .protocol = clients::Protocol::json_1_0},
    AwsService{.name = "S3",
               .signing_name = "s3",
               .host_prefix = "s3",
               .target_prefix = "",
               .protocol = clients::Protocol::rest_xml},
};

constexpr std::array<std::string_view, 14> suffixes{
    ".amazonaws.com",
    ".amazonaws.com.cn",
    ".amazonaws.eu",
    ".c2s.ic.gov",
    ".sc2s.sgov.gov",
    ".csp.hci.ic.gov",
    ".cloud.adc-e.uk",
    ".api.aws",
    ".api.amazonwebservices.com.cn",
    ".api.amazonwebservices.eu",
    ".api.aws.ic.gov",
    ".api.aws.scloud",
    ".api.aws.hci.ic.gov",
    ".api.cloud-aws.adc-e.uk",
};

bool is_of_aws(std::string_view host) {
    return std::ranges::any_of(suffixes,
                               [host](std::string_view suffix) { return host.ends_with(suffix); });
}

}  // namespace

void check(std::string_view input) {
    for (const bool dual_stack : {false, true}) {
        const Environment environment = [dual_stack](const char* name) {
            const bool asked = dual_stack && std::string_view{name} == "AWS_USE_DUALSTACK_ENDPOINT";
            return asked ? std::optional<std::string>{"true"} : std::nullopt;
        };
        const auto settings = clients::AwsSettings::make(environment, clients::SharedConfig{});
        require(settings.has_value(), "no files, no problem");
        for (const AwsService& service : services) {
            const auto endpoint = resolve_endpoint(service, std::string{input}, *settings);
            if (!endpoint) {
                require_sound(endpoint.error());
                continue;
            }
            require(endpoint->scheme == "https" && endpoint->base_path.empty(), "it is AWS's own");
            require(endpoint->host.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-.") ==
                        std::string::npos,
                    "a host is one");
            require(endpoint->host.starts_with(service.host_prefix), "it is the service's");
            require(is_of_aws(endpoint->host), "it is AWS's");
            require(clients::is_region_name(endpoint->region), "it is signed for a region");
        }
    }
}

}  // namespace fas::fuzz::region_host
