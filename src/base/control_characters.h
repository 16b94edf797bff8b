// Characters that a terminal obeys and does not show: U+0000 to U+001F, and U+007F to U+009F. What
// somebody else wrote goes to a terminal through escaped() alone; JSON, and so the log, escapes
// them in the same way (base/json_writer.h).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace fas {

// The length of the character of UTF-8 at the front of a text that is not empty; 0: there is none
// (RFC 3629).
std::size_t utf8_length(std::string_view text);

// Whether such a character is at the front of a text that is not empty.
bool begins_with_control(std::string_view text);

// Each as "\u009b", a newline as "\n", and each byte that is no UTF-8 as U+FFFD. Backslashes stay
// as they are: this is to be looked at, not to be read back.
std::string escaped(std::string_view text);

// The same of the character at the front, which is taken off a text that is not empty.
void move_escaped(std::string_view& text, std::string& to);

}  // namespace fas
