#include "simulation/html.h"

#include <fmt/format.h>

#include "base/control_characters.h"
#include "simulation/page_style.h"

namespace fas::simulation {

std::string html_escape(std::string_view text) {
    std::string html;
    for (const char c : escaped(text)) {
        switch (c) {
            case '&': html += "&amp;"; break;
            case '<': html += "&lt;"; break;
            case '>': html += "&gt;"; break;
            case '"': html += "&quot;"; break;
            case '\'': html += "&#39;"; break;
            default: html += c;
        }
    }
    return html;
}

// The policy lets a browser load and run nothing, whatever the page says.
std::string html_document(std::string_view title, std::string_view body, std::string_view style) {
    return fmt::format(R"(<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" lang="en">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta name="color-scheme" content="light dark"/>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/>
<title>{}</title>
<style>
{}{}</style>
</head>
<body>
{}</body>
</html>
)",
                       html_escape(title), page_style, style, body);
}

}  // namespace fas::simulation
