// What to do with a key that is no setting: "there is no such setting; did you mean ...?".
#pragma once

#include <string>
#include <string_view>

#include "base/row.h"
#include "settings/reader.h"

namespace fas::settings {

// Of a target, a group or the top level.
std::string hint_for_unknown(std::string_view key);

// Of a structure with these members.
std::string hint_for_unknown(std::string_view key, const Table& table);

// Of the options of the present kind.
std::string hint_for_unknown(std::string_view key, const Part& part);

}  // namespace fas::settings
