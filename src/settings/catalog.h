// Everything that can be configured, table by table, for those who list it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/kind.h"
#include "base/row.h"

namespace fas::settings {

// A table, and where in a configuration its rows stand.
struct CatalogSection {
    std::string name;    // "process", "target", "redis", "step.step_adjustments"
    std::string prefix;  // of its rows' keys: "queue_config."
    const Table* table;
    const Row* kind_row = nullptr;  // of a kind: the row that names it, "queue_type"
    const Kind* kind = nullptr;
};

// Those of the process, of a target and of each of several queues, then each kind's, then each
// structure's.
std::vector<CatalogSection> sections();
inline constexpr std::size_t top_sections = 3;  // which are in no other's rows

// A row where it stands.
struct CatalogEntry {
    const CatalogSection* section;
    const Row* row;
};

// "queue_config.host"
std::string path_of(const CatalogEntry& entry);

// Those that a person may mean by a key, a path or a variable: what is so called as a whole, else
// what ends so, as "host" of any kind.
std::vector<CatalogEntry> find_entries(const std::vector<CatalogSection>& all,
                                       std::string_view name);

// The rows that stand in an object, or in each of a list of them; null: it is neither.
const Table* members_of(const Row& row);

// Whether it stands in the environment by itself: members of structures do not.
bool has_variable(const CatalogSection& section);

// What holds unless it is given, a choice by its name; absent where there is nothing.
Value default_of(const Table& table, const Row& row);

}  // namespace fas::settings
