#include "base/wrap.h"

#include <algorithm>

namespace fas {

std::string wrapped(std::string_view text, std::size_t indent, std::size_t width) {
    const std::size_t room = std::max(width, indent + 30) - indent;
    std::string lines;
    while (!text.empty()) {
        std::size_t length = std::min(room, text.size());
        if (length < text.size()) {
            const std::size_t space = text.substr(0, length + 1).rfind(' ');
            if (space != std::string_view::npos && space > 0) length = space;
        }
        lines.append(indent, ' ').append(text.substr(0, length)).append(1, '\n');
        text.remove_prefix(length);
        while (text.starts_with(' ')) text.remove_prefix(1);
    }
    return lines;
}

}  // namespace fas
