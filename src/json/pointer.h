// JSON Pointer, RFC 6901: names one value in a document, "/queues/0/depth".
#pragma once

#include <string_view>

#include "base/result.h"
#include "json/reader.h"

namespace fas::json {

// For tables of options: "" (the whole document), or parts that each begin with a slash, in which
// "~0" stands for '~' and "~1" for '/'.
constexpr std::string_view pointer_pattern = "^(/([^~/]|~[01])*)*$";
bool is_pointer(std::string_view text);

// The value that `pointer` names, below `root`. Errors: invalid "NotThere", which says how far it
// leads and what is there: its type, and of an object the first few names of its members.
Result<Value> find_pointer(const Value& root, std::string_view pointer);

}  // namespace fas::json
