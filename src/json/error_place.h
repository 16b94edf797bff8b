// Finds where a text stops being JSON, for error messages: simdjson's DOM parser, which is the
// judge, does not say. Costs a second, slower pass, made only after the first one failed.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace fas::json {

struct Place {
    std::size_t line;    // from 1
    std::size_t column;  // from 1, in bytes
};

// Nothing where the fault has no single place (an unclosed string, text that is not UTF-8), or
// where this pass finds none.
std::optional<Place> error_place(std::string_view text, std::size_t depth_max);

}  // namespace fas::json
