// Addresses of servers and of what they hold, as a setting may give them.
#pragma once

#include <string_view>

namespace fas {

// For tables of options: an absolute http or https URL, without a user name, a password or a
// fragment; and one that has no query either, so that paths can be appended to it.
constexpr std::string_view web_url_pattern =
    R"(^https?://(\[[0-9A-Za-z.:]+\]|[0-9A-Za-z._-]+)(:[0-9]{1,5})?([/?][!-"$-~]*)?$)";
bool is_web_url(std::string_view text);
constexpr std::string_view web_base_pattern =
    R"(^https?://(\[[0-9A-Za-z.:]+\]|[0-9A-Za-z._-]+)(:[0-9]{1,5})?(/[!-"$->@-~]*)?$)";
bool is_web_base(std::string_view text);

}  // namespace fas
