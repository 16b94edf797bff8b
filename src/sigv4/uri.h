// Percent-encoding and path normalisation as Signature Version 4 defines them. Pure functions.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
//
// For wire texts too: a path or query built with these is signed the way the service reads it.
#pragma once

#include <string>
#include <string_view>

namespace fas::sigv4 {

// Every byte but A-Z a-z 0-9 - _ . ~ becomes %XX with upper-case digits; a space is %20, never '+'.
std::string uri_encode(std::string_view text);
void append_uri_encoded(std::string& out, std::string_view text);

// The same with '/' kept, for a whole path: "a b/c+d" gives "a%20b/c%2Bd".
std::string uri_encode_path(std::string_view path);
void append_uri_encoded_path(std::string& out, std::string_view path);

// Resolves "." and ".." segments and drops empty ones; ".." at the root stays there. A slash at the
// end is kept, one at the front is always there: "" gives "/", "/a//./b/../c/" gives "/a/c/".
std::string normalize_path(std::string_view path);

}  // namespace fas::sigv4
