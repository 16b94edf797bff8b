// Numbers in texts that others wrote.
#pragma once

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace fas {

// The whole text as a number, whatever the locale; nothing for blanks, a plus sign, anything after
// it, and what the type cannot hold. A double may be "inf" or "nan". `base` is for integers.
template <class Number, class... Base>
std::optional<Number> parse_number(std::string_view text, Base... base) {
    Number number{};
    const char* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, number, base...);
    if (error != std::errc{} || stopped != end) return std::nullopt;
    return number;
}

}  // namespace fas
