#include "base/loopback.h"

#include <arpa/inet.h>

#include <algorithm>
#include <string>

namespace fas {

namespace {

// An address can be written in many ways; two are the same when their bytes are.
bool is_ipv6_loopback(const std::string& host) {
    in6_addr address{};
    return ::inet_pton(AF_INET6, host.c_str(), &address) == 1 &&
           std::ranges::equal(address.s6_addr, in6addr_loopback.s6_addr);
}

bool is_ipv4_loopback(const std::string& host) {
    in_addr address{};
    return ::inet_pton(AF_INET, host.c_str(), &address) == 1 &&
           (ntohl(address.s_addr) >> 24U) == 127;
}

}  // namespace

bool is_loopback(std::string_view authority) {
    if (authority.starts_with('[')) {
        return is_ipv6_loopback(std::string{authority.substr(1, authority.find(']') - 1)});
    }
    const std::string host{authority.substr(0, authority.find(':'))};
    return host == "localhost" || is_ipv4_loopback(host);
}

}  // namespace fas
