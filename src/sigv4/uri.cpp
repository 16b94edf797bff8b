#include "sigv4/uri.h"

#include <algorithm>
#include <cstddef>

#include "base/ascii.h"

namespace fas::sigv4 {
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

std::string normalize_path(std::string_view path) {
    std::string normalized;  // "/a/b" while segments are added, without a slash at the end
    for (std::size_t begin = 0; begin < path.size();) {
        const std::size_t end = std::min(path.find('/', begin), path.size());
        const std::string_view segment = path.substr(begin, end - begin);
        begin = end + 1;
        if (segment.empty() || segment == ".") continue;
        if (segment == "..") {
            if (!normalized.empty()) normalized.resize(normalized.rfind('/'));
        } else {
            normalized += '/';
            normalized += segment;
        }
    }
    if (normalized.empty() || path.ends_with('/')) normalized += '/';
    return normalized;
}

}  // namespace fas::sigv4
