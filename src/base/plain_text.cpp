#include "base/plain_text.h"

#include <algorithm>

#include "base/control_characters.h"

namespace fas {

namespace {

bool has_length(std::string_view text, std::size_t bytes_max) {
    return !text.empty() && text.size() <= bytes_max;
}

}  // namespace

bool is_plain_text(std::string_view text, std::size_t bytes_max) {
    return has_length(text, bytes_max) &&
           std::ranges::none_of(text, [](char c) { return begins_with_control({&c, 1}); });
}

bool is_plain_name(std::string_view text, std::size_t bytes_max) {
    return has_length(text, bytes_max) && escaped(text) == text;
}

}  // namespace fas
