// Text in lines of a width, for people.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace fas {

// Lines that begin with `indent` spaces and end with a newline. They are at most `width` long,
// unless a word is longer or there is no room for 30 characters.
std::string wrapped(std::string_view text, std::size_t indent, std::size_t width);

}  // namespace fas
