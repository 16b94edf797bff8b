#include "settings/catalog_json.h"

#include <fmt/format.h>

#include <array>
#include <type_traits>
#include <utility>
#include <variant>

#include "base/json_writer.h"

namespace fas::settings {

namespace {

void write_rows(JsonWriter& json, const Table& table, bool in_environment);

// What there is to say of a value of the type.
struct FormWriter {
    JsonWriter& json;

    void operator()(const Integer& type) const {
        json.member("type", "integer").member("minimum", type.min).member("maximum", type.max);
    }
    void operator()(const Number& type) const {
        json.member("type", "number");
        json.member(type.above_min ? "exclusiveMinimum" : "minimum", type.min);
        json.member(type.below_max ? "exclusiveMaximum" : "maximum", type.max);
    }
    void operator()(const Flag&) const { json.member("type", "boolean"); }
    void operator()(const Choice& type) const {
        json.member("type", "string").key("enum").begin_array();
        for (const Name& name : type.names) json.value(name.text);
        json.end_array();
        if (type.any_case) json.member("any_case", true);
    }
    void operator()(const Text& type) const {
        json.member("type", "string").member("pattern", type.grammar.pattern());
    }
    void operator()(const Time&) const { json.member("type", "string"); }
    void operator()(const Object& type) const {
        json.member("type", "object").key("members");
        write_rows(json, *type.table, false);
    }
    void operator()(const List& type) const {
        json.member("type", "array").member("minItems", type.min).member("maxItems", type.max);
        json.key("members");
        write_rows(json, *type.table, false);
    }
    void operator()(const KindName& type) const {
        json.member("type", "kind").member("config", type.config).key("kinds").begin_array();
        for (const Kind* kind : type.kinds) {
            json.begin_object().member("name", kind->name).key("members");
            write_rows(json, kind->table, true);
            json.end_object();
        }
        json.end_array();
    }
};

std::string_view name_of(Need need) {
    constexpr std::array<std::string_view, 3> names = {"default", "absent", "required"};
    return names[static_cast<std::size_t>(need)];
}

std::string_view name_of(Tag tag) {
    constexpr std::array<std::string_view, 3> names = {"no", "yes", "control"};
    return names[static_cast<std::size_t>(tag)];
}

// Calls `write` with the value, unless it is absent.
template <class Write>
void write_present(const Value& value, const Write& write) {
    const auto unless_absent = [&write](const auto& present) {
        if constexpr (!std::is_same_v<decltype(present), const std::monostate&>) write(present);
    };
    std::visit(unless_absent, value);
}

void write_members(JsonWriter& json, const Table& table, const Row& row, bool in_environment) {
    json.member("key", row.key).member("says", row.says);
    std::visit(FormWriter{json}, row.type);
    write_present(default_of(table, row),
                  [&json](const auto& value) { json.member("default", value); });
    json.member("need", name_of(row.need)).member("tag", name_of(row.tag));
    if (in_environment) json.member("variable", variable_of(table, row));
    for (const auto& [name, text] :
         {std::pair{"variable_fallback", row.variable_fallback},
          std::pair{"needed_with", row.needed_with}, std::pair{"page", row.page},
          std::pair{"example", row.example}}) {
        if (!text.empty()) json.member(name, text);
    }
    if (row.secret) json.member("secret", true);
    if (row.null_is_absent) json.member("null_is_absent", true);
}

// NOLINTNEXTLINE(misc-no-recursion): a structure has a few levels
void write_rows(JsonWriter& json, const Table& table, bool in_environment) {
    json.begin_array();
    for (const Row& row : table.rows) {
        json.begin_object();
        write_members(json, table, row, in_environment);
        json.end_object();
    }
    json.end_array();
}

// As JSON; empty where there is nothing to show.
std::string example_value(const Table& table, const Row& row) {
    const bool is_text =
        std::holds_alternative<Text>(row.type) || std::holds_alternative<Choice>(row.type);
    if (!row.example.empty() && !is_text) return std::string{row.example};
    JsonWriter json;
    write_present(row.example.empty() ? default_of(table, row) : Value{row.example},
                  [&json](const auto& value) { json.value(value); });
    return json.take();
}

}  // namespace

std::string entry_json(const CatalogEntry& entry) {
    JsonWriter json;
    json.begin_object().member("path", path_of(entry)).member("of", entry.section->name);
    write_members(json, *entry.section->table, *entry.row, has_variable(*entry.section));
    json.end_object();
    return json.take();
}

std::string example_json(const CatalogEntry& entry) {
    const CatalogSection& section = *entry.section;
    const std::string value = example_value(*section.table, *entry.row);
    if (value.empty() || !has_variable(section)) return {};
    std::string member = fmt::format(R"({{"{}": {}}})", entry.row->key, value);
    if (section.kind == nullptr) return member;
    const auto& names = std::get<KindName>(section.kind_row->type);
    return fmt::format(R"({{"{}": "{}", "{}": {}}})", section.kind_row->key, section.kind->name,
                       names.config, member);
}

}  // namespace fas::settings
