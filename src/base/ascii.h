// Characters of ASCII, whatever the locale; every other byte is none of these and stays as it is.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace fas {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_lower_letter(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool is_letter(char c) { return is_lower_letter(c) || (c >= 'A' && c <= 'Z'); }
constexpr bool is_alphanumeric(char c) { return is_letter(c) || is_digit(c); }

// Whether a text, which may be empty, has letters, digits and the characters of `others` alone.
constexpr bool is_alphanumeric_or(std::string_view others, std::string_view text) {
    return std::ranges::all_of(
        text, [others](char c) { return is_alphanumeric(c) || others.contains(c); });
}

constexpr char to_lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

constexpr char to_upper(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

inline std::string lower_case(std::string_view text) {
    std::string lower{text};
    std::ranges::transform(lower, lower.begin(), to_lower);
    return lower;
}

// `start` in lower case.
constexpr bool starts_ignoring_case(std::string_view text, std::string_view start) {
    return std::ranges::equal(text.substr(0, start.size()), start, {}, to_lower);
}

}  // namespace fas
