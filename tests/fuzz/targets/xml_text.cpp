// AWS's XML: any bytes as the document, and as the text of an element.
#include <algorithm>

#include "clients/aws/xml.h"
#include "tests/fuzz/fuzz.h"

namespace fas::fuzz::xml_text {

namespace {

constexpr std::size_t too_many_elements = 300;

void require_bounded(std::string_view document, const std::vector<std::string_view>& path) {
    const auto text = clients::xml_text(document, path);
    require(!text || text->size() <= document.size(), "a text is no longer than its document");
    require(text == clients::xml_text(document, path), "the same document says the same");
}

// An escaped text comes back, without the white space around it.
void require_round_trip(std::string_view text) {
    if (text.find('\0') != std::string_view::npos) return;  // is in no XML
    std::string document = "<?xml version=\"1.0\"?>\n<Error x='1'><Code/><Message>";
    for (const char c : text) {
        switch (c) {
            case '<': document += "&lt;"; break;
            case '>': document += "&gt;"; break;
            case '&': document += "&amp;"; break;
            default: document += c;
        }
    }
    document += "</Message></Error>";
    constexpr std::string_view white_space = " \t\r\n";
    const std::size_t begin = std::min(text.find_first_not_of(white_space), text.size());
    const std::size_t end = text.find_last_not_of(white_space) + 1;
    const auto expected = begin < end ? text.substr(begin, end - begin) : std::string_view{};
    require(clients::xml_text(document, {"Error", "Message"}) == expected, "text comes back");
}

// RapidXML recurses once an element: what stands between the elements must not hide their number.
void require_depth_limit(std::string_view filler) {
    std::string document;
    const std::vector<std::string_view> path(too_many_elements, "a");
    for (std::size_t i = 0; i < path.size(); ++i) {
        document += "<a";
        document += filler;
    }
    for (std::size_t i = 0; i < path.size(); ++i) document += "</a>";
    require(!clients::xml_text(document, path), "depth is limited");
}

}  // namespace

void check(std::string_view input) {
    require_bounded(input, {"Error", "Code"});
    require_bounded(input, {"ErrorResponse", "Error", "Message"});
    require_bounded(input,
                    {"AssumeRoleResponse", "AssumeRoleResult", "Credentials", "SecretAccessKey"});
    require_round_trip(input);
    require_depth_limit(input.substr(0, 64));
}

}  // namespace fas::fuzz::xml_text
