// Reads the small XML documents that AWS answers with. RapidXML and its exceptions stay in xml.cpp.
#pragma once

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

}  // namespace fas::clients
