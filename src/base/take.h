// Reads a text from its front: what is there is taken off.
#pragma once

#include <string_view>

namespace fas {

// False: the text begins otherwise, and stays as it is.
constexpr bool take(std::string_view& text, std::string_view expected) {
    if (!text.starts_with(expected)) return false;
    text.remove_prefix(expected.size());
    return true;
}
constexpr bool take(std::string_view& text, char expected) {
    return take(text, std::string_view{&expected, 1});
}

}  // namespace fas
