#include "clients/aws/endpoint_url.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/ascii.h"
#include "base/parse_number.h"

namespace fas::clients {

namespace {

constexpr std::size_t url_bytes_max = 2048;
constexpr int port_max = 65535;

// What RFC 3986 lets stand in a URL, less what begins a query or a fragment.
bool may_stand_in_url(char c) {
    return is_alphanumeric(c) || std::string_view{"-._~:/[]@!$&'()*+,;=%"}.contains(c);
}

// Names in a container network may hold an underscore, which DNS does not know.
bool is_host_name(std::string_view host) {
    return !host.empty() && is_alphanumeric_or("-._", host);
}

bool is_ipv6_in_brackets(std::string_view host) {
    if (!host.starts_with('[') || !host.ends_with(']')) return false;
    in6_addr address{};
    return ::inet_pton(AF_INET6, std::string{host.substr(1, host.size() - 2)}.c_str(), &address) ==
           1;
}

std::optional<int> parse_port(std::string_view text) {
    const auto port = parse_number<int>(text);
    return port && *port >= 1 && *port <= port_max ? port : std::nullopt;
}

struct Authority {
    std::string_view host;
    std::optional<std::string_view> port;
};

// The colons inside brackets belong to an IPv6 address.
Authority split_authority(std::string_view authority) {
    const std::size_t bracket = authority.rfind(']');
    const std::size_t colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
    if (colon == std::string_view::npos) return {authority, std::nullopt};
    return {authority.substr(0, colon), authority.substr(colon + 1)};
}

// What is wrong with a host and port; empty: nothing.
std::string_view fault_of(std::string_view authority) {
    const Authority parts = split_authority(authority);
    if (authority.find('@') != std::string_view::npos) return "it holds a user name or a password";
    if (parts.port && parts.port->find(':') != std::string_view::npos) {
        return "an IPv6 address goes into brackets";
    }
    if (parts.host.empty()) return "it has no host";
    if (!is_ipv6_in_brackets(parts.host) && !is_host_name(parts.host)) {
        return "its host is not a host name";
    }
    if (parts.port && !parse_port(*parts.port)) return "its port is not a number from 1 to 65535";
    return "";
}

// The scheme's own port is left out: the Host header is signed, and servers compare it without.
std::string without_default_port(std::string_view authority, std::string_view scheme) {
    const Authority parts = split_authority(authority);
    if (!parts.port) return std::string{authority};
    const int port = parse_port(*parts.port).value_or(0);
    if (port == (scheme == "https" ? 443 : 80)) return std::string{parts.host};
    return fmt::format("{}:{}", parts.host, port);
}

}  // namespace

Result<Endpoint> parse_endpoint_url(std::string_view url, std::string_view place) {
    const auto refuse = [place](std::string_view why) {
        return Error{.kind = ErrorKind::invalid,
                     .message = fmt::format("the address in {} is not usable: {}; write it like "
                                            "https://host:port",
                                            place, why),
                     .code = "BadEndpoint"};
    };
    if (url.size() > url_bytes_max) return refuse("it is too long");
    const std::size_t scheme_end = url.find("://");
    if (scheme_end == std::string_view::npos) return refuse("it has no scheme");
    Endpoint endpoint{.scheme = lower_case(url.substr(0, scheme_end)), .user_named = true};
    if (endpoint.scheme != "https" && endpoint.scheme != "http") {
        return refuse("its scheme is neither https nor http");
    }
    const std::string_view rest = url.substr(scheme_end + 3);
    if (rest.find_first_of("?#") != std::string_view::npos) {
        return refuse("it holds a query or a fragment");
    }
    if (!std::ranges::all_of(rest, may_stand_in_url)) {
        return refuse("it holds white space or another character that no address has");
    }
    const std::string_view authority = rest.substr(0, rest.find('/'));
    if (const std::string_view fault = fault_of(authority); !fault.empty()) return refuse(fault);
    endpoint.host = without_default_port(authority, endpoint.scheme);
    std::string_view path = rest.substr(authority.size());
    while (path.ends_with('/')) path.remove_suffix(1);
    endpoint.base_path = path;
    return endpoint;
}

}  // namespace fas::clients
