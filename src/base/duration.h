// Durations as people write them on a command line.
#pragma once

#include <optional>
#include <string_view>

#include "base/time.h"

namespace fas {

// A number above 0 with its unit, one of ms, s, m or min, h and d: "250ms", "1.5s", "14d". Nothing
// for any other text.
std::optional<Seconds> parse_duration(std::string_view text);

}  // namespace fas
