// The published schema says the same of each setting as the program's table.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "settings/read_settings.h"
#include "settings/tables.h"

namespace fas::settings {
namespace {

json::Document read_schema() {
    std::ifstream in(FAS_SOURCE_DIR "/schema/fast-autoscaler.schema.json");
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    auto document = json::parse(text, {.bytes_max = 1 << 20});
    EXPECT_TRUE(document.has_value()) << document.error().message;
    return std::move(document).value();
}

std::vector<std::string_view> strings(const std::optional<json::Value>& array) {
    std::vector<std::string_view> result;
    if (!array) return result;
    for (const auto& item : array->items()) result.push_back(item.as_string().value_or(""));
    return result;
}

std::optional<double> number(const json::Value& property, std::string_view key) {
    const auto found = property.find(key);
    return found ? found->as_double() : std::nullopt;
}

std::string_view text(const json::Value& property, std::string_view key) {
    const auto found = property.find(key);
    return found ? found->as_string().value_or("no text") : "missing";
}

void expect_same(const Integer& type, const json::Value& property) {
    EXPECT_EQ(text(property, "type"), "integer");
    EXPECT_EQ(number(property, "minimum"), static_cast<double>(type.min));
    EXPECT_EQ(number(property, "maximum"), static_cast<double>(type.max));
}

void expect_same(const Number& type, const json::Value& property) {
    EXPECT_EQ(text(property, "type"), "number");
    EXPECT_EQ(number(property, type.above_min ? "exclusiveMinimum" : "minimum"), type.min);
    EXPECT_EQ(number(property, type.below_max ? "exclusiveMaximum" : "maximum"), type.max);
}

void expect_same(const Flag&, const json::Value& property) {
    EXPECT_EQ(text(property, "type"), "boolean");
}

void expect_same(const Choice& type, const json::Value& property) {
    EXPECT_EQ(text(property, "type"), "string");
    std::vector<std::string_view> names;
    for (const Name& name : type.names) names.push_back(name.text);
    if (!type.any_case) {
        EXPECT_EQ(strings(property.find("enum")), names);
        return;
    }
    // The names for editors to offer, or a pattern that matches them in any case.
    const auto any_of = property.find("anyOf");
    ASSERT_TRUE(any_of && any_of->items().size() == 2);
    EXPECT_EQ(strings(any_of->items()[0].find("enum")), names);
    std::string pattern = "^(";
    for (const auto name : names) {
        if (pattern.size() > 2) pattern += '|';
        for (const char c : name) pattern += fmt::format("[{}{}]", c, static_cast<char>(c + 32));
    }
    EXPECT_EQ(text(any_of->items()[1], "pattern"), pattern + ")$");
}

void expect_same(const Text& type, const json::Value& property) {
    EXPECT_EQ(text(property, "type"), "string");
    EXPECT_EQ(text(property, "pattern"), type.grammar.pattern());
}

// The options are those of one of the part's kinds.
void expect_same(const KindName& type, const json::Value& property) {
    EXPECT_EQ(text(property, "type"), "string");
    std::vector<std::string_view> names;
    for (const Kind* kind : type.kinds) names.push_back(kind->name);
    EXPECT_EQ(strings(property.find("enum")), names);
}

// Their readers and schema_test.py say the rest.
void expect_same(const Object&, const json::Value& property) {
    EXPECT_NE(text(property, "$ref"), "missing");
}
void expect_same(const List&, const json::Value& property) {
    EXPECT_NE(text(property, "$ref"), "missing");
}
void expect_same(const Time&, const json::Value&) { FAIL() << "no setting is a time"; }

void expect_same(const Type& type, const json::Value& property) {
    std::visit([&](const auto& one) { expect_same(one, property); }, type);
}

// A document that gives the setting this value.
std::string document_with(std::string_view key, const json::Value& value) {
    std::string json = "?";
    if (value.as_string()) json = fmt::format("\"{}\"", *value.as_string());
    if (value.as_bool()) json = fmt::format("{}", *value.as_bool());
    if (value.as_double()) json = fmt::format("{}", *value.as_double());
    return fmt::format("{{\"{}\": {}}}", key, json);
}

std::set<std::string> keys_of(const json::Value& schema) {
    std::set<std::string> keys;
    for (const auto& member : schema.find("properties")->members()) keys.emplace(member.key);
    return keys;
}

std::optional<json::Value> property_of(const json::Value& schema, std::string_view key) {
    const auto properties = schema.find("properties");
    return properties ? properties->find(key) : std::nullopt;
}

// "#/$defs/queue_sqs": where the schema describes the options of a kind.
std::string definition_of(const Row& row, const Kind& kind) {
    return fmt::format("{}_{}", row.key.substr(0, row.key.find('_')), kind.name);
}

// What is not given and absent has none; a choice's is a name.
void expect_default(const Table& table, const Row& row, const std::optional<json::Value>& shown) {
    const Value value = row.field.get(table.defaults());
    ASSERT_EQ(shown.has_value(), row.need == Need::default_);
    if (!shown) return;
    const auto* choice = std::get_if<Choice>(&row.type);
    if (const auto* words = std::get_if<std::string_view>(&value)) {
        EXPECT_EQ(shown->as_string(), *words);
    } else if (const auto* flag = std::get_if<bool>(&value)) {
        EXPECT_EQ(shown->as_bool(), *flag);
    } else if (const auto* number = std::get_if<double>(&value)) {
        EXPECT_EQ(shown->as_double(), *number);
    } else if (choice != nullptr) {
        const auto name = std::ranges::find(choice->names, shown->as_string(), &Name::text);
        ASSERT_NE(name, choice->names.end());
        EXPECT_EQ(name->value, std::get<std::int64_t>(value));
    } else {
        EXPECT_EQ(shown->as_int(), std::get<std::int64_t>(value));
    }
}

std::vector<const Table*> tables() { return {&target_table, &process_table}; }

std::vector<const Row*> rows() {
    std::vector<const Row*> all;
    for (const Table* table : tables()) {
        for (const Row& row : table->rows) all.push_back(&row);
    }
    return all;
}

// Those of queue_type, target_type and state_type.
std::vector<std::pair<const Row*, KindName>> kind_names() {
    std::vector<std::pair<const Row*, KindName>> names;
    for (const Row* row : rows()) {
        if (const auto* name = std::get_if<KindName>(&row->type)) names.emplace_back(row, *name);
    }
    return names;
}

TEST(SettingSchema, HasTheTablesKeysAndNoOthers) {
    const auto schema = read_schema();
    std::set<std::string> keys = {"$schema", "targets", "discover", "queues"};
    for (const Row* row : rows()) keys.emplace(row->key);
    for (const auto& [row, name] : kind_names()) keys.emplace(name.config);
    EXPECT_EQ(keys_of(schema.root()), keys);
    EXPECT_EQ(schema.root().find("additionalProperties")->as_bool(), false);
}

TEST(SettingSchema, HasTheTablesTypesRangesNamesPatternsAndDescriptions) {
    const auto schema = read_schema();
    for (const Row* row : rows()) {
        SCOPED_TRACE(row->key);
        const auto property = property_of(schema.root(), row->key);
        ASSERT_TRUE(property.has_value());
        expect_same(row->type, *property);
        EXPECT_EQ(text(*property, "description"), row->says);
    }
}

TEST(SettingSchema, HasTheOptionsOfEachKind) {
    const auto schema = read_schema();
    const auto definitions = schema.root().find("$defs");
    for (const auto& [type_row, name] : kind_names()) {
        std::vector<std::string> expected;
        for (const Kind* kind : name.kinds) {
            SCOPED_TRACE(definition_of(*type_row, *kind));
            expected.push_back("#/$defs/" + definition_of(*type_row, *kind));
            const auto options = definitions->find(definition_of(*type_row, *kind));
            ASSERT_TRUE(options.has_value());
            std::set<std::string> keys;
            for (const Row& row : kind->table.rows) {
                SCOPED_TRACE(row.key);
                keys.emplace(row.key);
                const auto property = property_of(*options, row.key);
                ASSERT_TRUE(property.has_value());
                expect_same(row.type, *property);
                expect_default(kind->table, row, property->find("default"));
                EXPECT_EQ(text(*property, "description"), row.says);
            }
            EXPECT_EQ(keys_of(*options), keys);
            EXPECT_EQ(options->find("additionalProperties")->as_bool(), false);
        }
        std::vector<std::string> listed;
        const auto config = property_of(schema.root(), name.config);
        for (const auto& one : config->find("anyOf")->items()) {
            listed.emplace_back(text(one, "$ref"));
        }
        EXPECT_EQ(listed, expected);
    }
}

TEST(SettingSchema, ItsDefaultsAreTheProgramsAndTheOthersHaveNone) {
    const auto schema = read_schema();
    for (const Row* row : rows()) {
        SCOPED_TRACE(row->key);
        const auto property = property_of(schema.root(), row->key);
        ASSERT_TRUE(property.has_value());
        const auto value = property->find("default");
        ASSERT_EQ(value.has_value(), row->need == Need::default_);
        if (!value) continue;

        // Giving the default changes nothing.
        SettingsSources sources;
        sources.environment = [](const char*) { return std::nullopt; };
        sources.file = Document{.name = "default", .text = document_with(row->key, *value)};
        const auto result = read_settings(sources, Purpose::decision);
        ASSERT_TRUE(std::holds_alternative<FleetSettings>(result))
            << describe(std::get<std::vector<Problem>>(result).front());
        FleetSettings defaults;
        defaults.targets.resize(1);
        EXPECT_EQ(std::get<FleetSettings>(result), defaults);
    }
}

TEST(SettingTable, KeysAndVariablesAreUnique) {
    std::set<std::string_view> keys;
    std::set<std::string> variables;
    for (const Table* table : tables()) {
        for (const Row& row : table->rows) {
            EXPECT_TRUE(keys.insert(row.key).second) << row.key;
            EXPECT_TRUE(variables.insert(variable_of(*table, row)).second) << row.key;
        }
    }
}

void expect_well_described(const Table& table) {
    std::set<std::string_view> keys;
    std::set<std::string> variables;
    for (const Row& row : table.rows) {
        SCOPED_TRACE(row.key);
        EXPECT_TRUE(keys.insert(row.key).second);
        EXPECT_TRUE(variables.insert(variable_of(table, row)).second);
        EXPECT_FALSE(row.secret && row.tag != Tag::no);
        // Of the optional fields none, and of the others each has a value.
        const Value value = row.field.get(table.defaults());
        const bool absent =
            std::holds_alternative<std::monostate>(value) || value == Value{std::string_view{}};
        EXPECT_EQ(absent, row.need != Need::default_);
        // A tag's key is one or the other.
        EXPECT_TRUE(row.tag == Tag::no || target_table.find(row.key) == nullptr);
    }
}

TEST(SettingTable, EachKindIsWellDescribed) {
    for (const auto& [row, name] : kind_names()) {
        std::set<std::string_view> kinds;
        for (const Kind* kind : name.kinds) {
            SCOPED_TRACE(kind->name);
            EXPECT_TRUE(kinds.insert(kind->name).second);
            expect_well_described(kind->table);
        }
    }
}

}  // namespace
}  // namespace fas::settings
