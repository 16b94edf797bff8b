#include "app/settings_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <variant>

#include "base/wrap.h"
#include "settings/catalog_json.h"
#include "settings/given.h"

namespace fas::app {

namespace {

using settings::CatalogEntry;
using settings::CatalogSection;

constexpr std::size_t columns = 100;
constexpr std::size_t key_width = 26;
constexpr std::size_t default_width = 18;
constexpr std::size_t facts_indent = 15;

// "With queue_type redis, in queue_config"
std::string heading(const CatalogSection& section) {
    if (section.kind != nullptr) {
        const auto& names = std::get<KindName>(section.kind_row->type);
        return fmt::format("With {} {}, in {}", section.kind_row->key, section.kind->name,
                           names.config);
    }
    if (section.name == "process") return "Of the process, at the top of the configuration";
    if (section.name == "target") {
        return "Of a target; in a group or at the top, of all targets there that do not say "
               "otherwise";
    }
    if (section.name == "queues") return "In each of queues, which are several in place of one";
    return fmt::format("In {}", section.name);
}

std::string text_of(const Value& value) {
    struct Writer {
        std::string operator()(std::monostate) const { return {}; }
        std::string operator()(bool flag) const { return flag ? "true" : "false"; }
        std::string operator()(std::int64_t number) const { return fmt::format("{}", number); }
        std::string operator()(double number) const { return fmt::format("{}", number); }
        std::string operator()(std::string_view text) const { return std::string{text}; }
    };
    return std::visit(Writer{}, value);
}

std::string default_text(const Table& table, const Row& row) {
    if (row.need == Need::required) return "required";
    return text_of(settings::default_of(table, row));
}

std::string_view first_sentence(std::string_view says) {
    const std::size_t end = says.find(". ");
    return end == std::string_view::npos ? says : says.substr(0, end + 1);
}

// The first line with what stands before it, and the rest under it.
std::string hanging(std::string_view before, std::string_view text, std::size_t indent) {
    std::string lines = text.empty() ? std::string(1, '\n') : wrapped(text, indent, columns);
    const std::size_t free = std::min(lines.find_first_not_of(' '), indent);
    if (before.size() < free) return lines.replace(0, before.size(), before);
    return fmt::format("{}\n{}", before.substr(0, before.find_last_not_of(' ') + 1), lines);
}

std::string line_of(const Table& table, const Row& row) {
    const std::string before = fmt::format("  {:<{}}{:<{}}", row.key, key_width,
                                           default_text(table, row), default_width - 1);
    return hanging(before, first_sentence(row.says), 2 + key_width + default_width);
}

std::string fact(std::string_view name, std::string_view text) {
    if (text.empty()) return {};
    return hanging(fmt::format("  {:<{}}", name, facts_indent - 3), text, facts_indent);
}

std::string variables(const CatalogEntry& entry) {
    if (!settings::has_variable(*entry.section)) return {};
    std::string names = variable_of(*entry.section->table, *entry.row);
    if (!entry.row->variable_fallback.empty()) {
        names += fmt::format(", else {}", entry.row->variable_fallback);
    }
    return names;
}

std::string tag(const CatalogEntry& entry) {
    switch (entry.row->tag) {
        case Tag::no: return {};
        case Tag::yes:
            return fmt::format("fast-autoscaler:{}, of a discovered service", entry.row->key);
        case Tag::control:
            return fmt::format("fast-autoscaler:{}, of every service", entry.row->key);
    }
    return {};
}

// The rows that stand in it, by their names.
std::string members(const Row& row) {
    const Table* table = settings::members_of(row);
    if (table == nullptr) return {};
    std::string names;
    for (const Row& member : table->rows) {
        names += fmt::format("{}{}", names.empty() ? "" : ", ", member.key);
    }
    return names;
}

// Of a kind's setting, unless it has one of its own, the page of its kinds.
std::string page(const CatalogEntry& entry) {
    std::string_view place = entry.row->page;
    if (place.empty() && entry.section->kind_row != nullptr) place = entry.section->kind_row->page;
    return place.empty() ? "" : fmt::format("docs/{}", place);
}

}  // namespace

std::string list_of(const CatalogSection& section) {
    std::string text = fmt::format("{}:\n", heading(section));
    for (const Row& row : section.table->rows) text += line_of(*section.table, row);
    if (section.table->rows.empty()) text += "  nothing\n";
    return text;
}

std::string list_of_all(const std::vector<CatalogSection>& all) {
    std::string text =
        "Each setting, what holds unless it is given, and what it is for.\n"
        "fast-autoscaler settings NAME says more of one. Lists of targets: docs/fleet.md.\n";
    for (const CatalogSection& section : all) {
        if (!section.table->rows.empty()) text += fmt::format("\n{}", list_of(section));
    }
    return text;
}

std::string explanation(const CatalogEntry& entry) {
    const Row& row = *entry.row;
    std::string text = fmt::format("{}\n", settings::path_of(entry));
    text += wrapped(row.says, 2, columns) + "\n";
    text += fact("where", heading(*entry.section));
    text += fact("must be", settings::must_be(row.type));
    text += fact("default", default_text(*entry.section->table, row));
    text +=
        fact("needed",
             row.needed_with.empty() ? "" : fmt::format("only with the usual {}", row.needed_with));
    text += fact("variable", variables(entry));
    text += fact("tag", tag(entry));
    text += fact("secret", row.secret ? "it is never shown" : "");
    text += fact("members", members(row));
    text += fact("example", settings::example_json(entry));
    text += fact("more", page(entry));
    return text;
}

}  // namespace fas::app
