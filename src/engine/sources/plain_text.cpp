#include "engine/sources/plain_text.h"

#include <algorithm>

namespace fas::engine {

bool is_plain_text(std::string_view text) {
    const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20; };
    return !text.empty() && std::ranges::none_of(text, control);
}

}  // namespace fas::engine
