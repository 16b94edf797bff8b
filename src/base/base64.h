// Bytes as letters: RFC 4648.
#pragma once

#include <string>
#include <string_view>

namespace fas {

// Section 4, with padding: as headers have it.
std::string base64(std::string_view bytes);

// Section 5, without padding: of letters that need no escaping in a URL.
std::string base64url(std::string_view bytes);

}  // namespace fas
