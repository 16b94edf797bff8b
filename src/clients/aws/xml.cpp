#include "clients/aws/xml.h"

#include <rapidxml/rapidxml.hpp>

#include <algorithm>

namespace fas::clients {

namespace {

constexpr std::size_t document_bytes_max = std::size_t{64} << 10U;
// RapidXML recurses once a tag, so their number must be known before it starts.
constexpr std::ptrdiff_t tags_max = 256;
constexpr std::ptrdiff_t long_document_tags_max = 200'000;
constexpr int elements_depth_max = 32;

// Whether the elements of a document are at most so deep in each other, told without recursion. An
// end that hides in a comment or an attribute would be counted and be none, so there may be neither
// but for one tag's attributes, which can hide one.
bool is_shallow(std::string_view text) {
    constexpr auto none = std::string_view::npos;
    int depth = 0;
    bool attributes = false;
    for (std::size_t at = text.find('<'); at != none; at = text.find('<', at)) {
        const std::size_t end = text.find('>', at);
        if (end == none) return false;
        const std::string_view tag = text.substr(at, end - at);
        at = end;
        if (tag.starts_with("<!")) return false;
        if (tag.starts_with("<?")) continue;
        if (tag.find_first_of("\"'") != none) {
            if (attributes) return false;
            attributes = true;
        }
        if (tag.starts_with("</")) {
            --depth;
        } else if (!tag.ends_with('/')) {
            ++depth;
        }
        if (depth < 0 || depth > elements_depth_max) return false;
    }
    return true;
}

const rapidxml::xml_node<>* node_of(const void* node) {
    return static_cast<const rapidxml::xml_node<>*>(node);
}

}  // namespace

struct XmlDocument::Tree {
    std::string text;  // RapidXML parses in place and wants a terminating zero
    rapidxml::xml_document<> parsed;
};

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

std::string_view XmlElement::text() const {
    return {node_of(node_)->value(), node_of(node_)->value_size()};
}

std::optional<XmlElement> XmlElement::find(std::string_view name) const {
    const auto* found = node_of(node_)->first_node(name.data(), name.size());
    if (found == nullptr) return std::nullopt;
    return XmlElement{found};
}

std::vector<XmlElement> XmlElement::all(std::string_view name) const {
    std::vector<XmlElement> found;
    const auto* node = node_of(node_)->first_node(name.data(), name.size());
    for (; node != nullptr; node = node->next_sibling(name.data(), name.size())) {
        found.push_back(XmlElement{node});
    }
    return found;
}

std::string_view XmlElement::text_of(std::string_view name) const {
    const auto element = find(name);
    return element ? element->text() : std::string_view{};
}

std::vector<XmlElement> XmlElement::members_of(std::string_view name) const {
    const auto list = find(name);
    return list ? list->all("member") : std::vector<XmlElement>{};
}

XmlDocument::XmlDocument(std::unique_ptr<Tree> tree) : tree_(std::move(tree)) {}
XmlDocument::XmlDocument(XmlDocument&&) noexcept = default;
XmlDocument& XmlDocument::operator=(XmlDocument&&) noexcept = default;
XmlDocument::~XmlDocument() = default;

std::optional<XmlDocument> XmlDocument::parse(std::string_view text, std::size_t bytes_max) {
    if (text.size() > bytes_max) return std::nullopt;
    if (std::ranges::count(text, '<') > long_document_tags_max) return std::nullopt;
    if (!is_shallow(text)) return std::nullopt;
    auto tree = std::make_unique<Tree>();
    tree->text = text;
    try {
        tree->parsed.parse<rapidxml::parse_trim_whitespace>(tree->text.data());
    } catch (const rapidxml::parse_error&) {
        return std::nullopt;
    }
    return XmlDocument{std::move(tree)};
}

std::optional<XmlElement> XmlDocument::root(std::string_view name) const {
    return XmlElement{&tree_->parsed}.find(name);
}

}  // namespace fas::clients
