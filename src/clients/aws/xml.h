// Reads the XML documents that AWS answers with. RapidXML and its exceptions stay in xml.cpp.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fas::clients {

// The text of the first element found by walking `path` from the document's root element
// (included): {"Error", "Code"}. Nothing when it is not there, or when the document is not XML,
// is larger than 64 KiB or has more than 256 tags. Entities other than XML's own five are left as
// they are written.
std::optional<std::string> xml_text(std::string_view document,
                                    const std::vector<std::string_view>& path);

// An element of an XmlDocument, which owns it and everything that it gives.
class XmlElement {
  public:
    std::string_view text() const;                                // empty where it holds elements
    std::optional<XmlElement> find(std::string_view name) const;  // the first
    std::vector<XmlElement> all(std::string_view name) const;
    // Of the first of that name, its text, and the elements <member> of the list that it is; empty
    // where there is none.
    std::string_view text_of(std::string_view name) const;
    std::vector<XmlElement> members_of(std::string_view name) const;

  private:
    friend class XmlDocument;
    explicit XmlElement(const void* node) : node_(node) {}

    const void* node_;  // a rapidxml::xml_node<>
};

// A long answer of a Query service: lists in lists. Copies the text.
class XmlDocument {
  public:
    // Nothing for what is not XML, is larger than `bytes_max`, has more than 200,000 tags or 32
    // elements inside each other, and for what no Query service sends: declarations, comments, and
    // attributes but for the root's.
    static std::optional<XmlDocument> parse(std::string_view text, std::size_t bytes_max);

    XmlDocument(XmlDocument&&) noexcept;
    XmlDocument& operator=(XmlDocument&&) noexcept;
    ~XmlDocument();

    // The root element, if that is its name.
    std::optional<XmlElement> root(std::string_view name) const;

  private:
    struct Tree;
    explicit XmlDocument(std::unique_ptr<Tree> tree);

    std::unique_ptr<Tree> tree_;
};

}  // namespace fas::clients
