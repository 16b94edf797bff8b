#include "base/excerpt.h"

#include <algorithm>

namespace fas {

std::string_view excerpt(std::string_view text, std::size_t bytes_max) {
    const auto is_control = [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    };
    const auto end = std::ranges::find_if(text, is_control);
    text = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    if (text.size() <= bytes_max) return text;
    std::size_t length = bytes_max;
    // The bytes of UTF-8 that go on with a character begin with the bits 10.
    while (length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U) --length;
    return text.substr(0, length);
}

}  // namespace fas
