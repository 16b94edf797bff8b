// Reads the address that a user named for a service: http or https, a host, perhaps a port and a
// path, and nothing else.
#pragma once

#include <string_view>

#include "base/result.h"
#include "clients/aws/endpoint.h"

namespace fas::clients {

// `place` says in words where the address was found. The endpoint's region is left empty.
// Errors: invalid "BadEndpoint", with the place and what is wrong with the address; never the
// address itself, which may hold a password.
Result<Endpoint> parse_endpoint_url(std::string_view url, std::string_view place);

}  // namespace fas::clients
