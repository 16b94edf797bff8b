// One value as it was found, and how it becomes a setting.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/setting_table.h"
#include "json/reader.h"

namespace fas::app {

// What a value can be taken for. It points into the text or document that it was made from.
struct Given {
    Place where;
    std::string shown;                // as Problem::value
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

// Sets it in the draft and notes its place, or adds a problem.
void set(const Setting& setting, const Given& given, Draft& draft);
void set(Part part, const Option& option, const Given& given, Draft& draft);

// Where it is not the present kind: with the options that the environment gives it, and no others.
void choose(Part part, const Kind& kind, Draft& draft);

// The present kind's options that the environment gives.
void set_from_environment(Part part, Draft& draft);

// What is accepted, for a person: "an integer from 0 to 100000".
std::string accepted(const SettingType& type);

// Text for a message: quoted, control characters escaped, cut to about 80 bytes. Of a URL the user,
// password and query are masked.
std::string shown_text(std::string_view text);

}  // namespace fas::app
