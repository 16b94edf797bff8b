// "Did you mean ...?": the known name that a misspelt one is closest to.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace fas {

// The known name with the fewest edits (insert, delete, replace, swap of neighbours), at most three
// and fewer than half of its length; nothing when none is that near.
std::optional<std::string_view> nearest_name(std::string_view given,
                                             std::span<const std::string_view> known);

}  // namespace fas
