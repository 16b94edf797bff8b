// Base64, as headers have it: RFC 4648, section 4, with padding.
#pragma once

#include <string>
#include <string_view>

namespace fas {

std::string base64(std::string_view bytes);

}  // namespace fas
