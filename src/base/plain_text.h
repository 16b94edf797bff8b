// What a setting of one line accepts.
#pragma once

#include <cstddef>
#include <string_view>

namespace fas {

// 1 to `bytes_max` bytes, of which none is a control character of ASCII's: a password, a path or a
// key, in whatever encoding.
bool is_plain_text(std::string_view text, std::size_t bytes_max = std::string_view::npos);

// The same in UTF-8, without its other control characters (U+0080 to U+009F): what people call
// something.
bool is_plain_name(std::string_view text, std::size_t bytes_max);

}  // namespace fas
