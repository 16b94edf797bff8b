// As much of somebody else's text as an error may repeat: a service's reason, a name from a file.
#pragma once

#include <cstddef>
#include <string_view>

namespace fas {

// The text up to its first control character, which a terminal might obey and a log take for the
// end of a line; at most `bytes_max` bytes, not cut within a character of UTF-8.
std::string_view excerpt(std::string_view text, std::size_t bytes_max);

}  // namespace fas
