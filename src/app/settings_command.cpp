#include "app/settings_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "app/complain.h"
#include "app/printing.h"
#include "app/settings_text.h"
#include "base/nearest_name.h"
#include "settings/catalog.h"
#include "settings/catalog_json.h"

namespace fas::app {

namespace {

using settings::CatalogEntry;
using settings::CatalogSection;

std::vector<CatalogEntry> entries_of(const CatalogSection& section) {
    std::vector<CatalogEntry> entries;
    for (const Row& row : section.table->rows) entries.push_back({&section, &row});
    return entries;
}

// What stands in other rows, as a kind's and a structure's do, is written with them.
std::vector<CatalogEntry> entries_of_no_other(const std::vector<CatalogSection>& all) {
    std::vector<CatalogEntry> entries;
    for (const CatalogSection& section : std::span{all}.first(settings::top_sections)) {
        const auto those = entries_of(section);
        entries.insert(entries.end(), those.begin(), those.end());
    }
    return entries;
}

ExitStatus refuse(std::string_view name, const std::vector<CatalogSection>& all) {
    std::vector<std::string_view> known;
    for (const CatalogSection& section : all) {
        known.push_back(section.name);
        for (const Row& row : section.table->rows) known.push_back(row.key);
    }
    const auto nearest = nearest_name(name, known);
    complain(fmt::format("there is no setting {}{}", name,
                         nearest ? fmt::format(", did you mean {}?", *nearest)
                                 : "; fast-autoscaler settings lists all"));
    return exit_usage;
}

std::string json_lines(const std::vector<CatalogEntry>& entries) {
    std::string text;
    for (const CatalogEntry& entry : entries) text += settings::entry_json(entry) + "\n";
    return text;
}

}  // namespace

ExitStatus print_settings(std::string_view name, bool json) {
    const std::vector<CatalogSection> all = settings::sections();
    if (name.empty()) {
        return print(json ? json_lines(entries_of_no_other(all)) : list_of_all(all));
    }
    const std::vector<CatalogEntry> entries = settings::find_entries(all, name);
    const auto section = std::ranges::find(all, name, &CatalogSection::name);
    if (entries.empty() && section == all.end()) return refuse(name, all);
    if (json) return print(json_lines(entries.empty() ? entries_of(*section) : entries));
    std::string text;
    for (const CatalogEntry& entry : entries) text += explanation(entry) + "\n";
    if (section != all.end()) text += list_of(*section);
    return print(text);
}

}  // namespace fas::app
