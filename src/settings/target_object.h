// An object of settings as it stands in a file or an event, read into a draft: the top level, a
// group, a target, or what is to be discovered.
#pragma once

#include <optional>

#include "json/reader.h"
#include "settings/draft.h"

namespace fas::settings {

enum class ObjectKind { top, target, discovery };  // target: or a group of them

// The members that are no settings; they point into the document.
struct ObjectLists {
    std::optional<json::Value> targets;   // of the top level, and of a group
    std::optional<json::Value> discover;  // of the top level
    std::optional<json::Value> clusters;  // of a discovery
};

// Sets the object's settings in the draft, and adds what is wrong with it.
ObjectLists read_object(const json::Value& object, ObjectKind kind, const Layer& layer,
                        Draft& draft);

}  // namespace fas::settings
