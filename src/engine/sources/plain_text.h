// A setting of one line, in whatever encoding: a key, a user, a password, a path.
#pragma once

#include "base/option.h"
#include "base/plain_text.h"

namespace fas::engine {

inline constexpr TextType plain_text{
    .accepted = "a text without control characters",
    .pattern = "^[^\\u0000-\\u001f\\u007f]+$",
    .valid = [](std::string_view text) { return is_plain_text(text); }};

}  // namespace fas::engine
