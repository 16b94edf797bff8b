// Where a request goes: the part of a URL that decides which connection it can use.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace fas {

struct Origin {
    std::string name;  // "host:port", in lower case, safe to print; an IPv6 address in brackets
    bool tls = false;
};

// Errors: invalid "BadUrl" when the URL is not absolute http or https, holds a user name or
// password (libcurl would send them as a header), a fragment, or a byte that must be
// percent-encoded. The message never repeats the URL: a query may hold a signature.
Result<Origin> parse_origin(std::string_view url);

}  // namespace fas
