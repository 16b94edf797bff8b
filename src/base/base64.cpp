#include "base/base64.h"

#include <cstddef>
#include <cstdint>

namespace fas {

namespace {

constexpr std::string_view digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view url_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string encoded(std::string_view bytes, std::string_view alphabet) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const std::string_view group = bytes.substr(at, 3);
        std::uint32_t bits = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            bits = bits << 8U | (i < group.size() ? static_cast<unsigned char>(group[i]) : 0U);
        }
        for (std::size_t i = 0; i <= group.size(); ++i) {
            text += alphabet[bits >> (18U - 6U * i) & 0x3FU];
        }
    }
    return text;
}

}  // namespace

std::string base64(std::string_view bytes) {
    std::string text = encoded(bytes, digits);
    text.resize((bytes.size() + 2) / 3 * 4, '=');
    return text;
}

std::string base64url(std::string_view bytes) { return encoded(bytes, url_digits); }

}  // namespace fas
