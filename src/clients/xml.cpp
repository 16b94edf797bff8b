#include "clients/xml.h"

#include <rapidxml/rapidxml.hpp>

#include <algorithm>

namespace fas::clients {

namespace {

constexpr std::size_t document_bytes_max = std::size_t{64} << 10U;
// RapidXML recurses once a tag, so their number must be known before it starts.
constexpr std::ptrdiff_t tags_max = 256;

}  // namespace

std::optional<std::string> xml_text(std::string_view document,
                                    const std::vector<std::string_view>& path) {
    if (document.size() > document_bytes_max) return std::nullopt;
    if (std::ranges::count(document, '<') > tags_max) return std::nullopt;
    std::string buffer{document};  // RapidXML parses in place and wants a terminating zero
    rapidxml::xml_document<> parsed;
    try {
        parsed.parse<rapidxml::parse_trim_whitespace>(buffer.data());
    } catch (const rapidxml::parse_error&) {
        return std::nullopt;
    }
    const rapidxml::xml_node<>* node = &parsed;
    for (const std::string_view name : path) {
        node = node->first_node(name.data(), name.size());
        if (node == nullptr) return std::nullopt;
    }
    return std::string{node->value(), node->value_size()};
}

}  // namespace fas::clients
