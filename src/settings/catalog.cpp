#include "settings/catalog.h"

#include <fmt/format.h>

#include <algorithm>

#include "settings/tables.h"

namespace fas::settings {

namespace {

void add_kinds(const Row& row, std::vector<CatalogSection>& all) {
    const auto* names = std::get_if<KindName>(&row.type);
    if (names == nullptr) return;
    for (const Kind* kind : names->kinds) {
        all.push_back({.name = std::string{kind->name},
                       .prefix = fmt::format("{}.", names->config),
                       .table = &kind->table,
                       .kind_row = &row,
                       .kind = kind});
    }
}

// NOLINTNEXTLINE(misc-no-recursion): a structure has a few levels
void add_structures(const Table& table, const std::string& prefix,
                    std::vector<CatalogSection>& all) {
    for (const Row& row : table.rows) {
        const Table* members = members_of(row);
        if (members == nullptr) continue;
        const std::string name = fmt::format("{}{}", prefix, row.key);
        all.push_back({.name = name, .prefix = name + ".", .table = members});
        add_structures(*members, name + ".", all);
    }
}

}  // namespace

std::vector<CatalogSection> sections() {
    std::vector<CatalogSection> all = {
        {.name = "process", .prefix = "", .table = &process_table},
        {.name = "target", .prefix = "", .table = &target_table},
        {.name = "queues", .prefix = "queues.", .table = &queue_table}};
    for (const Row& row : target_table.rows) add_kinds(row, all);
    add_structures(target_table, "", all);
    return all;
}

std::string path_of(const CatalogEntry& entry) {
    return fmt::format("{}{}", entry.section->prefix, entry.row->key);
}

std::vector<CatalogEntry> find_entries(const std::vector<CatalogSection>& all,
                                       std::string_view name) {
    std::vector<CatalogEntry> whole;
    std::vector<CatalogEntry> endings;
    for (const CatalogSection& section : all) {
        for (const Row& row : section.table->rows) {
            const CatalogEntry entry{&section, &row};
            const bool in_environment =
                has_variable(section) &&
                (name == variable_of(*section.table, row) || name == row.variable_fallback);
            if (path_of(entry) == name || in_environment) whole.push_back(entry);
            if (row.key == name) endings.push_back(entry);
        }
    }
    return whole.empty() ? endings : whole;
}

const Table* members_of(const Row& row) {
    if (const auto* object = std::get_if<Object>(&row.type)) return object->table;
    if (const auto* list = std::get_if<List>(&row.type)) return list->table;
    return nullptr;
}

bool has_variable(const CatalogSection& section) { return section.prefix.empty() || section.kind; }

Value default_of(const Table& table, const Row& row) {
    if (const auto* names = std::get_if<KindName>(&row.type)) return names->kinds.front()->name;
    if (row.need != Need::default_ || row.field.get == nullptr) return {};
    const Value value = row.field.get(table.defaults());
    const auto* choice = std::get_if<Choice>(&row.type);
    const auto* number = std::get_if<std::int64_t>(&value);
    if (choice == nullptr || number == nullptr) return value;
    const auto found = std::ranges::find(choice->names, *number, &Name::value);
    return found == choice->names.end() ? Value{} : found->text;
}

}  // namespace fas::settings
