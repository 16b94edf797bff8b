// Whether a host is this machine itself, for which nothing needs to be encrypted.
#pragma once

#include <string_view>

namespace fas {

// `authority`: a host with or without a port, an IPv6 address in brackets: "localhost:9090",
// "127.0.0.1", "[::1]:80". No name but localhost is looked up or believed.
bool is_loopback(std::string_view authority);

}  // namespace fas
