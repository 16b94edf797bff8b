// Joins texts with a single allocation of the exact size: a signature is mostly joined text.
#pragma once

#include <concepts>
#include <string>
#include <string_view>

namespace fas::sigv4 {

template <std::convertible_to<std::string_view>... Parts>
std::string concat(const Parts&... parts) {
    std::string text;
    text.reserve((std::string_view(parts).size() + ... + 0));
    (text.append(std::string_view(parts)), ...);
    return text;
}

}  // namespace fas::sigv4
