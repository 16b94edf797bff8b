// Percent-encoding, as RFC 3986 and AWS's Signature Version 4 have it: a path or a query that is
// built with these is signed the way the service reads it.
#pragma once

#include <string>
#include <string_view>

namespace fas {

// Every byte but A-Z a-z 0-9 - _ . ~ becomes %XX with upper-case digits; a space is %20, never '+'.
std::string uri_encode(std::string_view text);

// The same with '/' kept, for a whole path: "a b/c+d" gives "a%20b/c%2Bd".
std::string uri_encode_path(std::string_view path);

}  // namespace fas
