#include "clients/xml.h"

#include <rapidxml/rapidxml.hpp>

namespace fas::clients {

namespace {

constexpr std::size_t document_bytes_max = std::size_t{64} << 10U;
constexpr int depth_max = 32;

// RapidXML recurses once an element, so depth must be known before it starts.
bool nested_too_deeply(std::string_view document) {
    int depth = 0;
    for (std::size_t i = 0; i + 1 < document.size(); ++i) {
        const bool opens = document[i] == '<' && document[i + 1] != '/' && document[i + 1] != '?' &&
                           document[i + 1] != '!';
        const bool closes = (document[i] == '<' && document[i + 1] == '/') ||
                            (document[i] == '/' && document[i + 1] == '>');
        depth += opens ? 1 : 0;
        depth -= closes ? 1 : 0;
        if (depth > depth_max) return true;
    }
    return false;
}

}  // namespace

std::optional<std::string> xml_text(std::string_view document,
                                    const std::vector<std::string_view>& path) {
    if (document.size() > document_bytes_max || nested_too_deeply(document)) return std::nullopt;
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
