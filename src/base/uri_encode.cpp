#include "base/uri_encode.h"

#include "base/ascii.h"

namespace fas {
namespace {

constexpr bool is_unreserved(char c) {
    return is_alphanumeric(c) || c == '-' || c == '_' || c == '.' || c == '~';
}

std::string encode(std::string_view text, bool keep_slashes) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : text) {
        if (is_unreserved(c) || (keep_slashes && c == '/')) {
            encoded += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        encoded += '%';
        encoded += digits[byte >> 4];
        encoded += digits[byte & 15];
    }
    return encoded;
}

}  // namespace

std::string uri_encode(std::string_view text) { return encode(text, false); }

std::string uri_encode_path(std::string_view path) { return encode(path, true); }

}  // namespace fas
