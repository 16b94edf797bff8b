// A path as Signature Version 4 signs it.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
#pragma once

#include <string>
#include <string_view>

namespace fas::sigv4 {

// Resolves "." and ".." segments and drops empty ones; ".." at the root stays there. A slash at the
// end is kept, one at the front is always there: "" gives "/", "/a//./b/../c/" gives "/a/c/".
std::string normalize_path(std::string_view path);

}  // namespace fas::sigv4
