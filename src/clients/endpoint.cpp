#include "clients/endpoint.h"

#include <fmt/format.h>

#include <array>

namespace fas::clients {

namespace {

struct Partition {
    std::string_view region_prefix;
    std::string_view dns_suffix;
};

// https://docs.aws.amazon.com/general/latest/gr/rande.html; a region that fits none is in "aws".
constexpr std::array partitions{
    Partition{"cn-", "amazonaws.com.cn"},   Partition{"eusc-", "amazonaws.eu"},
    Partition{"us-isob-", "sc2s.sgov.gov"}, Partition{"us-isof-", "csp.hci.ic.gov"},
    Partition{"us-iso-", "c2s.ic.gov"},     Partition{"eu-isoe-", "cloud.adc-e.uk"},
};

std::string_view dns_suffix(std::string_view region) {
    for (const Partition& partition : partitions) {
        if (region.starts_with(partition.region_prefix)) return partition.dns_suffix;
    }
    return "amazonaws.com";
}

// The scheme's own port is left out: the Host header is signed, and servers compare it without.
std::string without_default_port(std::string_view host, std::string_view scheme) {
    const std::string_view port = scheme == "https" ? ":443" : ":80";
    if (host.ends_with(port)) host.remove_suffix(port.size());
    return std::string{host};
}

Result<Endpoint> parse_endpoint(const std::string& variable, std::string_view url) {
    const auto refuse = [&variable](std::string_view why) {
        return Error{.kind = ErrorKind::invalid,
                     .message = fmt::format("{} is not usable: {}; accepted is an address like "
                                            "https://host:port",
                                            variable, why),
                     .code = "BadEndpoint"};
    };
    const std::size_t scheme_end = url.find("://");
    if (scheme_end == std::string_view::npos) return refuse("it has no scheme");
    Endpoint endpoint{.scheme = std::string{url.substr(0, scheme_end)}, .user_named = true};
    if (endpoint.scheme != "https" && endpoint.scheme != "http") {
        return refuse("its scheme is neither https nor http");
    }
    const std::string_view rest = url.substr(scheme_end + 3);
    const std::size_t path_start = std::min(rest.find('/'), rest.size());
    const std::string_view host = rest.substr(0, path_start);
    if (host.empty()) return refuse("it has no host");
    if (rest.find_first_of("@?# \t\r\n") != std::string_view::npos) {
        return refuse("it holds a user name, a query, a fragment or white space");
    }
    endpoint.host = without_default_port(host, endpoint.scheme);
    std::string_view path = rest.substr(path_start);
    while (path.ends_with('/')) path.remove_suffix(1);
    endpoint.base_path = path;
    return endpoint;
}

bool configured_endpoints_ignored(const Environment& environment) {
    const auto setting = environment("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");
    return setting == "true" || setting == "True" || setting == "TRUE";
}

}  // namespace

Result<Endpoint> resolve_endpoint(const AwsService& service, const std::string& region,
                                  const Environment& environment) {
    if (!configured_endpoints_ignored(environment)) {
        const std::string own = fmt::format("AWS_ENDPOINT_URL_{}", service.name);
        for (const std::string& variable : {own, std::string{"AWS_ENDPOINT_URL"}}) {
            if (const auto url = environment(variable.c_str())) {
                return parse_endpoint(variable, *url);
            }
        }
    }
    return Endpoint{
        .scheme = "https",
        .host = fmt::format("{}.{}.{}", service.host_prefix, region, dns_suffix(region)),
        .base_path = "",
        .user_named = false};
}

}  // namespace fas::clients
