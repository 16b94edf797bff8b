#include "base/excerpt.h"

#include "base/control_characters.h"

namespace fas {

std::string_view excerpt(std::string_view text, std::size_t bytes_max) {
    std::size_t end = 0;
    while (end < text.size() && !begins_with_control(text.substr(end))) ++end;
    text = text.substr(0, end);
    if (text.size() <= bytes_max) return text;
    std::size_t length = bytes_max;
    // The bytes of UTF-8 that go on with a character begin with the bits 10.
    while (length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U) --length;
    return text.substr(0, length);
}

}  // namespace fas
