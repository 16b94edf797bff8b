// Settings in plain text for a person, in 100 columns.
#pragma once

#include <string>
#include <vector>

#include "settings/catalog.h"

namespace fas::app {

// A line or a few each: what it is called, what holds unless it is given, and what it is for.
std::string list_of_all(const std::vector<settings::CatalogSection>& all);
std::string list_of(const settings::CatalogSection& section);

// All that there is to say of one.
std::string explanation(const settings::CatalogEntry& entry);

}  // namespace fas::app
