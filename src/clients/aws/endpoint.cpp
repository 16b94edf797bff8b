#include "clients/aws/endpoint.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/excerpt.h"
#include "clients/aws/endpoint_url.h"

namespace fas::clients {

namespace {

constexpr std::size_t host_label_bytes_max = 63;  // RFC 1035, section 2.3.4

struct Partition {
    std::string_view region_prefix;
    std::string_view dns_suffix;
    std::string_view dual_stack_suffix;
    std::string_view sign_in_suffix;
};

// https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
constexpr std::array aws_partitions{
    Partition{"cn-", "amazonaws.com.cn", "api.amazonwebservices.com.cn", "signin.amazonaws.cn"},
    Partition{"eusc-", "amazonaws.eu", "api.amazonwebservices.eu", "signin.amazonaws-eusc.eu"},
    Partition{"us-gov-", "amazonaws.com", "api.aws", "signin.amazonaws-us-gov.com"},
    Partition{"us-isob-", "sc2s.sgov.gov", "api.aws.scloud", "signin.sc2shome.sgov.gov"},
    Partition{"us-isof-", "csp.hci.ic.gov", "api.aws.hci.ic.gov", "signin.csphome.hci.ic.gov"},
    Partition{"us-iso-", "c2s.ic.gov", "api.aws.ic.gov", "signin.c2shome.ic.gov"},
    Partition{"eu-isoe-", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk", "signin.csphome.adc-e.uk"},
};
// Also of a region that fits none of the above.
constexpr Partition commercial{"", "amazonaws.com", "api.aws", "signin.aws.amazon.com"};

// In GovCloud these meet FIPS under their common names; CloudWatch at its dual-stack host too.
// https://aws.amazon.com/compliance/fips/
constexpr std::array without_fips_name_in_govcloud = std::to_array<std::string_view>({
    "sqs",
    "sts",
    "portal.sso",
    "oidc",
    "ssm",
    "monitoring",
    "kinesis",
    "kafka",
    "dynamodb",
    "autoscaling",
    "application-autoscaling",
});

const Partition& partition_of(std::string_view region) {
    const auto* found = std::ranges::find_if(aws_partitions, [region](const Partition& partition) {
        return region.starts_with(partition.region_prefix);
    });
    return found == aws_partitions.end() ? commercial : *found;
}

// What was asked for, and by which setting.
struct Variant {
    bool wanted = false;
    std::string asked_by;
};

struct Asked {
    std::string region;
    Variant fips;
    Variant dual_stack;
};

Variant read_variant(const AwsSettings& settings, const char* variable, std::string_view key) {
    if (!settings.enabled(variable, key)) return {};
    if (settings.environment()(variable)) return {true, variable};
    return {true, fmt::format("{} of profile {}", key, settings.profile_name())};
}

Asked read_asked(std::string_view region, const AwsSettings& settings) {
    Asked asked;
    asked.fips = read_variant(settings, "AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint");
    asked.dual_stack =
        read_variant(settings, "AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint");
    // How it was said before there was a setting. The SDKs still understand it.
    const std::string_view whole = region;
    if (region.starts_with("fips-")) region.remove_prefix(5);
    if (region.ends_with("-fips")) region.remove_suffix(5);
    if (region != whole) asked.fips = {true, fmt::format("the region {}", whole)};
    asked.region = region;
    return asked;
}

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/dual-stack-endpoints.html
std::string s3_host(const Asked& asked) {
    return fmt::format("s3{}{}.{}.{}", asked.fips.wanted ? "-fips" : "",
                       asked.dual_stack.wanted ? ".dualstack" : "", asked.region,
                       partition_of(asked.region).dns_suffix);
}

// MSK's dual-stack hosts have another name, but for those of some partitions.
std::string_view host_prefix_of(const AwsService& service, const Asked& asked) {
    const auto in = [&asked](std::string_view prefix) { return asked.region.starts_with(prefix); };
    if (service.host_prefix != "kafka" || !asked.dual_stack.wanted) return service.host_prefix;
    if (in("us-iso") || in("eu-iso")) return service.host_prefix;
    if (asked.fips.wanted && (in("cn-") || in("eusc-"))) return service.host_prefix;
    return "kafka-api";
}

std::string host_of(const AwsService& service, const Asked& asked) {
    if (service.host_prefix == "s3") return s3_host(asked);
    const Partition& partition = partition_of(asked.region);
    if (service.host_prefix == "signin" && !asked.dual_stack.wanted) {
        if (!asked.fips.wanted) return fmt::format("{}.{}", asked.region, partition.sign_in_suffix);
        if (asked.region == "us-gov-west-1") return "signin-fips.amazonaws-us-gov.com";
        if (asked.region.starts_with("us-gov-")) {
            return fmt::format("{}.signin-fips.amazonaws-us-gov.com", asked.region);
        }
    }
    const bool common_name =
        asked.region.starts_with("us-gov-") &&
        (!asked.dual_stack.wanted || service.host_prefix == "monitoring" ||
         service.host_prefix == "kafka") &&
        std::ranges::find(without_fips_name_in_govcloud, service.host_prefix) !=
            without_fips_name_in_govcloud.end();
    return fmt::format(
        "{}{}.{}.{}", host_prefix_of(service, asked),
        asked.fips.wanted && !common_name ? "-fips" : "", asked.region,
        asked.dual_stack.wanted ? partition.dual_stack_suffix : partition.dns_suffix);
}

// As botocore has it, which refuses it in every partition.
std::string dual_stack_dynamodb(const Asked& asked) {
    return fmt::format("dynamodb.{}.{}", asked.region,
                       partition_of(asked.region).dual_stack_suffix);
}

Error refuse(std::string code, std::string message) {
    return {.kind = ErrorKind::invalid, .message = std::move(message), .code = std::move(code)};
}

Result<Endpoint> named_endpoint(const AwsSettings::NamedUrl& named, const Asked& asked) {
    for (const Variant& variant : {asked.fips, asked.dual_stack}) {
        if (!variant.wanted) continue;
        return refuse("BadEndpoint",
                      fmt::format("{} names an address, and {} asks for one of AWS's own: only one "
                                  "of them can be; drop the other",
                                  named.place, variant.asked_by));
    }
    return parse_endpoint_url(named.url, named.place);
}

}  // namespace

bool is_region_name(std::string_view text) {
    if (text.empty() || text.size() > host_label_bytes_max) return false;
    // "aws-global" and its like stand for a whole partition, in the SDKs' own tables.
    return is_lower_letter(text.front()) && text.back() != '-' && !text.ends_with("-global") &&
           std::ranges::all_of(
               text, [](char c) { return is_lower_letter(c) || is_digit(c) || c == '-'; });
}

bool is_aws_suffix(std::string_view text) {
    const auto ends_so = [text](const Partition& partition) {
        return text == partition.dns_suffix || text == partition.dual_stack_suffix;
    };
    return ends_so(commercial) || std::ranges::any_of(aws_partitions, ends_so);
}

Result<Endpoint> resolve_endpoint(const AwsService& service, const std::string& region,
                                  const AwsSettings& settings) {
    const Asked asked = read_asked(region, settings);
    if (!is_region_name(asked.region)) {
        return refuse("BadRegion",
                      fmt::format("\"{}\" is not the name of a region; set one like eu-west-1",
                                  excerpt(asked.region, host_label_bytes_max)));
    }
    Endpoint endpoint{.scheme = "https", .host = host_of(service, asked)};
    if (const auto named = settings.endpoint_url(service.name)) {
        auto parsed = named_endpoint(*named, asked);
        if (!parsed) return parsed.error();
        if (service.host_prefix == "dynamodb" && parsed->host == dual_stack_dynamodb(asked)) {
            return refuse("BadEndpoint",
                          fmt::format("{} names DynamoDB's dual-stack host, which it does not take "
                                      "as an address: set AWS_USE_DUALSTACK_ENDPOINT=true instead",
                                      named->place));
        }
        endpoint = std::move(*parsed);
    } else if (asked.fips.wanted && service.host_prefix == "s3" &&
               asked.region.starts_with("cn-")) {
        return refuse("NoFipsEndpoint", fmt::format("{} asks for a FIPS endpoint, and S3 has none "
                                                    "in {}; drop it",
                                                    asked.fips.asked_by, asked.region));
    }
    endpoint.region = asked.region;
    return endpoint;
}

}  // namespace fas::clients
