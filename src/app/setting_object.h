// An object of settings as it stands in a file or an event, read into a draft: the top level, a
// group, a target, or what is to be discovered.
#pragma once

#include <optional>
#include <string_view>

#include "app/setting_table.h"
#include "json/reader.h"

namespace fas::app {

enum class ObjectKind { top, target, discovery };  // target: or a group of them

// Where the object stands, and how its values are to be taken.
struct Layer {
    Place where;
    bool is_event = false;  // as the original read it: text may stand for a number or a boolean,
                            // and null and empty text for nothing
    ObjectKind kind = ObjectKind::top;
};

// The members that are no settings; they point into the document.
struct ObjectLists {
    std::optional<json::Value> targets;   // of the top level, and of a group
    std::optional<json::Value> discover;  // of the top level
    std::optional<json::Value> clusters;  // of a discovery
};

// Sets the object's settings in the draft, and adds what is wrong with it.
ObjectLists read_object(const json::Value& object, const Layer& layer, Draft& draft);

Problem not_accepted(std::string_view key, const json::Value& value, const Layer& layer,
                     std::string_view accepted);

// What to do with a key that is no setting: "there is no such setting; did you mean ...?".
std::string hint_for_unknown(std::string_view key);

// A key as it may be printed: like a value, without the quotation marks.
std::string shown_key(std::string_view key);

}  // namespace fas::app
