// A page of HTML that needs nothing but itself: no network, no script. It is well-formed XML too,
// so that whoever takes it apart can use any reader.
#pragma once

#include <string>
#include <string_view>

namespace fas::simulation {

// A text that somebody else wrote, for an element or an attribute in either kind of quotes. Control
// characters and what is no UTF-8 are shown as at a terminal (base/control_characters.h).
std::string html_escape(std::string_view text);

// The title is escaped here; the body is HTML. `style`: CSS beside what every page has.
std::string html_document(std::string_view title, std::string_view body,
                          std::string_view style = {});

}  // namespace fas::simulation
