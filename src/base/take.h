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

// What is before the first of these, which goes with it; all that there is where there is none.
constexpr std::string_view take_until(std::string_view& text, char end) {
    const std::string_view taken = text.substr(0, text.find(end));
    text.remove_prefix(taken.size() < text.size() ? taken.size() + 1 : taken.size());
    return taken;
}

}  // namespace fas
