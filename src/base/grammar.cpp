#include "base/grammar.h"

#include <fmt/format.h>

namespace fas {

namespace {

// As the characters are written between the brackets of an expression.
std::string escaped_class(std::string_view characters) {
    if (characters == Grammar::any) return std::string{characters};
    std::string text;
    for (std::size_t i = 0; i < characters.size(); ++i) {
        const char c = characters[i];
        const bool begins_range = c == '-' && i + 2 < characters.size() && characters[i + 1] == '-';
        if (c == '\\' || c == ']' || (c == '^' && i == 0) || begins_range) text += '\\';
        text += c;
    }
    return text;
}

std::string times(std::size_t min, std::size_t max) {
    if (max == Grammar::unbounded) return min == 1 ? "+" : fmt::format("{{{},}}", min);
    return fmt::format("{{{},{}}}", min, max);
}

}  // namespace

std::string Grammar::pattern() const {
    if (valid_ != nullptr) return std::string{text_};
    return fmt::format("^[{}]{}$", escaped_class(text_), times(min_, max_));
}

}  // namespace fas
