#include "base/control_characters.h"

#include <fmt/format.h>

namespace fas {

std::size_t utf8_length(std::string_view text) {
    const auto byte = [&text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const auto continues = [&](std::size_t i) {
        return i < text.size() && (byte(i) & 0xC0U) == 0x80U;
    };
    const unsigned char lead = byte(0);
    if (lead < 0x80) return 1;
    if (lead >= 0xC2 && lead <= 0xDF) return continues(1) ? 2 : 0;
    if (lead >= 0xE0 && lead <= 0xEF) {
        if (!continues(1) || !continues(2)) return 0;
        const bool overlong = lead == 0xE0 && byte(1) < 0xA0;
        const bool surrogate = lead == 0xED && byte(1) > 0x9F;
        return overlong || surrogate ? 0 : 3;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        if (!continues(1) || !continues(2) || !continues(3)) return 0;
        const bool overlong = lead == 0xF0 && byte(1) < 0x90;
        const bool beyond = lead == 0xF4 && byte(1) > 0x8F;
        return overlong || beyond ? 0 : 4;
    }
    return 0;
}

bool begins_with_control(std::string_view text) {
    const auto first = static_cast<unsigned char>(text.front());
    if (first < 0x20 || first == 0x7F) return true;
    // What goes on after C2 is at least 80.
    return first == 0xC2 && utf8_length(text) == 2 && static_cast<unsigned char>(text[1]) < 0xA0;
}

std::string escaped(std::string_view text) {
    std::string shown;
    while (!text.empty()) move_escaped(text, shown);
    return shown;
}

void move_escaped(std::string_view& text, std::string& to) {
    const std::size_t length = utf8_length(text);
    if (length == 0) {
        to += "\xEF\xBF\xBD";
    } else if (text.front() == '\n') {
        to += "\\n";
    } else if (begins_with_control(text)) {
        // Below U+0100 the second of two bytes is the character's number.
        to += fmt::format("\\u{:04x}", static_cast<unsigned char>(text[length - 1]));
    } else {
        to += text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
}

}  // namespace fas
