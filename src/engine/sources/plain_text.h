// One line of text in whatever script: names of queues and users, passwords, paths.
#pragma once

#include <string_view>

#include "base/option.h"

namespace fas::engine {

bool is_plain_text(std::string_view text);

inline constexpr TextType plain_text{.accepted = "a text without control characters",
                                     .pattern = "^[^\\u0000-\\u001f]+$",
                                     .valid = is_plain_text};

}  // namespace fas::engine
