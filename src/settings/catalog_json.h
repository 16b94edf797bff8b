// A setting's row as JSON, for programs: of it are made the schema, the documents' tables and what
// deploy/ says of settings (scripts/publish_settings.py).
#pragma once

#include <string>
#include <string_view>

#include "settings/catalog.h"

namespace fas::settings {

// One object, with the members of a structure and the settings of each kind in it. What is said of
// a value's form has JSON Schema's names.
std::string entry_json(const CatalogEntry& entry);

// How it stands in a configuration: {"queue_type": "redis", "queue_config": {"port": 6379}}. Empty
// for a member of a structure, which cannot stand without the rest.
std::string example_json(const CatalogEntry& entry);

}  // namespace fas::settings
