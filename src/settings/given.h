// One value as it was found, and what becomes of it by the type of its row.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/row.h"
#include "json/reader.h"

namespace fas::settings {

// Where a value stood, as Problem::where. Shared: an object's values all have the same.
using Place = std::shared_ptr<const std::string>;
inline Place place_of(std::string where) {
    return std::make_shared<const std::string>(std::move(where));
}

// What a value can be taken for. It points into the text or document that it was made from.
struct Given {
    Place where;
    std::optional<json::Value> json;  // absent: from text
    std::optional<std::string_view> text;
    std::optional<double> number;
    std::optional<bool> boolean;
};

// From text that may stand for a number or a boolean, as environment variables do. The whole text
// must be the number; booleans are true, false, yes, no, 1 and 0 in any case.
Given given_text(std::string_view text, Place where);

// From JSON. `text_counts`: a string may stand for a number or a boolean.
Given given_json(const json::Value& value, bool text_counts, Place where);

// For a message, as JSON: lists and objects are left out.
std::string shown(const Given& given);

// Text for a message: quoted, control characters escaped, cut to about 80 bytes. Of a URL the user,
// password and query are masked.
std::string shown_text(std::string_view text);

// A key as it may be printed: like a text, without the quotation marks.
std::string shown_key(std::string_view key);

// As a value of this type, which is none of Object, List and KindName; nothing where it is none.
std::optional<Value> value_of(const Type& type, const Given& given);

// What a value must be, for a person: "an integer from 0 to 100000".
std::string must_be(const Type& type);

// What was probably meant: "did you mean "threshold"?"; empty where that is not known.
std::string hint(const Type& type, const Given& given);

}  // namespace fas::settings
