// Bytes as letters that need no escaping in a URL (RFC 4648, section 5), without padding.
#pragma once

#include <string>
#include <string_view>

namespace fas {

std::string base64url(std::string_view bytes);

}  // namespace fas
