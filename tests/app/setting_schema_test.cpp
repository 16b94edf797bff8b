// The published schema says the same of each setting as the program's table.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "app/kinds.h"
#include "app/read_settings.h"
#include "app/setting_table.h"
#include "json/reader.h"

namespace fas::app {
namespace {

// What a check requires, and what is absent when it is not given.
const std::set<std::string_view> without_default = {
    "cluster_name",         "service_name", "s3_config_bucket",   "target_latency",
    "mean_processing_time", "sso_profile",  "in_flight_per_task", "target_role_arn",
    "target_external_id",   "role_arn",     "external_id",        "hold_at"};

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

void expect_same(const IntegerType& type, const json::Value& property) {
    EXPECT_EQ(text(property, "type"), "integer");
    EXPECT_EQ(number(property, "minimum"), static_cast<double>(type.min));
    EXPECT_EQ(number(property, "maximum"), static_cast<double>(type.max));
}

void expect_same(const NumberType& type, const json::Value& property) {
    EXPECT_EQ(text(property, "type"), "number");
    EXPECT_EQ(number(property, type.above_min ? "exclusiveMinimum" : "minimum"), type.min);
    EXPECT_EQ(number(property, type.below_max ? "exclusiveMaximum" : "maximum"), type.max);
}

void expect_same(const BooleanType&, const json::Value& property) {
    EXPECT_EQ(text(property, "type"), "boolean");
}

void expect_same(const ChoiceType& type, const json::Value& property) {
    EXPECT_EQ(text(property, "type"), "string");
    const std::vector<std::string_view> names(type.names.begin(), type.names.end());
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

void expect_same(const TextType& type, const json::Value& property) {
    EXPECT_EQ(text(property, "type"), "string");
    EXPECT_EQ(text(property, "pattern"), type.pattern);
}

void expect_same(const OptionType& type, const json::Value& property) {
    std::visit([&](const auto& one) { expect_same(one, property); }, type);
}

// The options are those of one of the part's kinds.
void expect_same(const KindType& type, const json::Value& property) {
    EXPECT_EQ(text(property, "type"), "string");
    std::vector<std::string_view> names;
    for (const Kind& kind : kinds_of(type.part)) names.push_back(kind.name);
    EXPECT_EQ(strings(property.find("enum")), names);
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
std::string definition_of(const PartKeys& keys, const Kind& kind) {
    return fmt::format("{}_{}", keys.type.substr(0, keys.type.find('_')), kind.name);
}

void expect_default(const OptionDefault& value, const std::optional<json::Value>& shown) {
    ASSERT_EQ(shown.has_value(), !std::holds_alternative<std::monostate>(value));
    if (const auto* text = std::get_if<std::string_view>(&value)) {
        EXPECT_EQ(shown->as_string(), *text);
    } else if (const auto* flag = std::get_if<bool>(&value)) {
        EXPECT_EQ(shown->as_bool(), *flag);
    } else if (const auto* number = std::get_if<double>(&value)) {
        EXPECT_EQ(shown->as_double(), *number);
    } else if (const auto* integer = std::get_if<std::int64_t>(&value)) {
        EXPECT_EQ(shown->as_int(), *integer);
    }
}

TEST(SettingSchema, HasTheTablesKeysAndNoOthers) {
    const auto schema = read_schema();
    std::set<std::string> keys = {"$schema", "targets", "discover", "queues"};
    for (const Setting& setting : setting_table()) keys.emplace(setting.key);
    for (const PartKeys& part : part_keys) keys.emplace(part.config);
    EXPECT_EQ(keys_of(schema.root()), keys);
    EXPECT_EQ(schema.root().find("additionalProperties")->as_bool(), false);
}

TEST(SettingSchema, HasTheTablesTypesRangesNamesPatternsAndDescriptions) {
    const auto schema = read_schema();
    for (const Setting& setting : setting_table()) {
        SCOPED_TRACE(setting.key);
        const auto property = property_of(schema.root(), setting.key);
        ASSERT_TRUE(property.has_value());
        std::visit([&](const auto& type) { expect_same(type, *property); }, setting.type);
        EXPECT_EQ(text(*property, "description"), setting.description);
    }
}

TEST(SettingSchema, HasTheOptionsOfEachKind) {
    const auto schema = read_schema();
    const auto definitions = schema.root().find("$defs");
    for (const PartKeys& keys : part_keys) {
        std::vector<std::string> expected;
        for (const Kind& kind : kinds_of(keys.part)) {
            SCOPED_TRACE(definition_of(keys, kind));
            expected.push_back("#/$defs/" + definition_of(keys, kind));
            const auto options = definitions->find(definition_of(keys, kind));
            ASSERT_TRUE(options.has_value());
            std::set<std::string> names;
            for (const Option& option : kind.options) {
                SCOPED_TRACE(option.key);
                names.emplace(option.key);
                const auto property = property_of(*options, option.key);
                ASSERT_TRUE(property.has_value());
                expect_same(option.type, *property);
                expect_default(option.default_value, property->find("default"));
                EXPECT_EQ(text(*property, "description"), option.description);
            }
            EXPECT_EQ(keys_of(*options), names);
            EXPECT_EQ(options->find("additionalProperties")->as_bool(), false);
        }
        std::vector<std::string> listed;
        const auto config = property_of(schema.root(), keys.config);
        for (const auto& one : config->find("anyOf")->items()) {
            listed.emplace_back(text(one, "$ref"));
        }
        EXPECT_EQ(listed, expected);
    }
}

TEST(SettingSchema, ItsDefaultsAreTheProgramsAndTheOthersHaveNone) {
    const auto schema = read_schema();
    for (const Setting& setting : setting_table()) {
        SCOPED_TRACE(setting.key);
        const auto property = property_of(schema.root(), setting.key);
        ASSERT_TRUE(property.has_value());
        const auto value = property->find("default");
        ASSERT_EQ(value.has_value(), !without_default.contains(setting.key));
        if (!value) continue;

        // Giving the default changes nothing.
        SettingsSources sources;
        sources.environment = [](const char*) { return std::nullopt; };
        sources.file = Document{.name = "default", .text = document_with(setting.key, *value)};
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
    std::set<std::string_view> variables;
    for (const Setting& setting : setting_table()) {
        EXPECT_TRUE(keys.insert(setting.key).second) << setting.key;
        EXPECT_TRUE(variables.insert(setting.variable).second) << setting.variable;
    }
}

TEST(SettingTable, EachKindIsWellDescribed) {
    for (const PartKeys& keys : part_keys) {
        std::set<std::string_view> kinds;
        for (const Kind& kind : kinds_of(keys.part)) {
            SCOPED_TRACE(kind.name);
            EXPECT_TRUE(kinds.insert(kind.name).second);
            EXPECT_LE(kind.options.size(), options_max);
            std::set<std::string_view> options;
            std::set<std::string_view> variables;
            for (const Option& option : kind.options) {
                SCOPED_TRACE(option.key);
                EXPECT_TRUE(options.insert(option.key).second);
                EXPECT_TRUE(variables.insert(option.variable).second);
                EXPECT_FALSE(option.secret && option.by_tag);
                const bool has_default =
                    !std::holds_alternative<std::monostate>(option.default_value);
                EXPECT_FALSE(option.required && has_default);
                // Whoever asks for one of these that is absent would be told 0.
                const bool is_flag = std::holds_alternative<BooleanType>(option.type);
                EXPECT_TRUE(!is_flag || has_default);
                // A tag's key is one or the other.
                EXPECT_TRUE(!option.by_tag || find_setting(option.key) == nullptr);
            }
        }
    }
}

TEST(SettingTable, WhatACheckRequiresHasNoDefault) {
    for (const Setting& setting : setting_table()) {
        if (setting.required) {
            EXPECT_TRUE(without_default.contains(setting.key)) << setting.key;
        }
    }
}

}  // namespace
}  // namespace fas::app
