#include "base/uri_encode.h"

#include "base/ascii.h"

namespace fas {
namespace {

constexpr bool is_unreserved(char c) {
    return is_alphanumeric(c) || c == '-' || c == '_' || c == '.' || c == '~';
}

void append_percent_encoded(std::string& out, char c) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += digits[byte >> 4];
    out += digits[byte & 15];
}

}  // namespace

std::string uri_encode(std::string_view text) {
    std::string encoded;
    append_uri_encoded(encoded, text);
    return encoded;
}

void append_uri_encoded(std::string& out, std::string_view text) {
    for (const char c : text) {
        if (is_unreserved(c)) {
            out += c;
        } else {
            append_percent_encoded(out, c);
        }
    }
}

std::string uri_encode_path(std::string_view path) {
    std::string encoded;
    append_uri_encoded_path(encoded, path);
    return encoded;
}

void append_uri_encoded_path(std::string& out, std::string_view path) {
    for (const char c : path) {
        if (is_unreserved(c) || c == '/') {
            out += c;
        } else {
            append_percent_encoded(out, c);
        }
    }
}

}  // namespace fas
