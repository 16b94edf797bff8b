#include "settings/given.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "base/ascii.h"
#include "base/json_writer.h"
#include "base/kind.h"
#include "base/nearest_name.h"
#include "base/parse_number.h"
#include "base/time.h"

namespace fas::settings {

namespace {

constexpr std::size_t shown_bytes_max = 80;

std::optional<double> parse_finite(std::string_view text) {
    const auto number = parse_number<double>(text);
    return number && std::isfinite(*number) ? number : std::nullopt;
}

std::optional<bool> parse_boolean(std::string_view text) {
    const std::string word = lower_case(text);
    if (word == "true" || word == "yes" || word == "1") return true;
    if (word == "false" || word == "no" || word == "0") return false;
    return std::nullopt;
}

// A queue URL may hold a password before its '@' and a signature after its '?'.
std::string masked(std::string_view text) {
    std::string result(text);
    const auto scheme = result.find("://");
    const auto start = scheme == std::string::npos ? 0 : scheme + 3;
    if (const auto query = result.find('?', start); query != std::string::npos) {
        result.replace(query + 1, std::string::npos, "***");
    }
    if (const auto at = result.rfind('@'); at != std::string::npos && at > start) {
        result.replace(start, at - start, "***");
    }
    return result;
}

std::string cut(std::string text) {
    if (text.size() <= shown_bytes_max) return text;
    std::size_t end = shown_bytes_max;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    return text.substr(0, end) + "...";
}

std::string shown_json(const json::Value& value) {
    JsonWriter writer;
    switch (value.type()) {
        case json::Type::string: return shown_text(*value.as_string());
        case json::Type::boolean: writer.value(*value.as_bool()); break;
        case json::Type::number:
            if (const auto integer = value.as_int()) {
                writer.value(*integer);
            } else {
                writer.value(*value.as_double());
            }
            break;
        case json::Type::null: writer.null(); break;
        case json::Type::array: return "[...]";
        case json::Type::object: return "{...}";
    }
    return writer.take();
}

std::string quoted(std::span<const std::string_view> names) {
    std::string text;
    for (const std::string_view name : names) {
        text += fmt::format("{}\"{}\"", text.empty() ? "" : ", ", name);
    }
    return names.size() == 1 ? text : "one of " + text;
}

// What each type makes of a value, says of itself, and guesses.

template <class Type>
std::optional<Value> value_as(const Type&, const Given&) {
    return std::nullopt;
}
template <>
std::optional<Value> value_as(const Integer& type, const Given& given) {
    if (!given.number || std::trunc(*given.number) != *given.number) return std::nullopt;
    const bool in_range = *given.number >= static_cast<double>(type.min) &&
                          *given.number <= static_cast<double>(type.max);
    if (!in_range) return std::nullopt;
    return static_cast<std::int64_t>(*given.number);
}
template <>
std::optional<Value> value_as(const Number& type, const Given& given) {
    if (!given.number) return std::nullopt;
    const double number = *given.number;
    const bool in_range = (type.above_min ? number > type.min : number >= type.min) &&
                          (type.below_max ? number < type.max : number <= type.max);
    if (!in_range) return std::nullopt;
    return number;
}
template <>
std::optional<Value> value_as(const Flag&, const Given& given) {
    if (!given.boolean) return std::nullopt;
    return *given.boolean;
}
template <>
std::optional<Value> value_as(const Choice& type, const Given& given) {
    if (!given.text) return std::nullopt;
    const auto found = std::ranges::find_if(type.names, [&](const Name& name) {
        return type.any_case ? lower_case(name.text) == lower_case(*given.text)
                             : name.text == *given.text;
    });
    if (found == type.names.end()) return std::nullopt;
    if (found->value) return *found->value;
    return found->text;
}
template <>
std::optional<Value> value_as(const Text& type, const Given& given) {
    if (!given.text || !type.grammar.accepts(*given.text)) return std::nullopt;
    return *given.text;
}
template <>
std::optional<Value> value_as(const Time&, const Given& given) {
    const auto time = given.number ? from_epoch_seconds(*given.number)
                      : given.text ? parse_iso8601(*given.text)
                                   : std::nullopt;
    if (!time) return std::nullopt;
    return static_cast<std::int64_t>(time->time_since_epoch().count());
}

std::vector<std::string_view> names_of(const Choice& type) {
    std::vector<std::string_view> names;
    for (const Name& name : type.names) names.push_back(name.text);
    return names;
}
std::vector<std::string_view> names_of(const KindName& type) {
    std::vector<std::string_view> names;
    for (const Kind* kind : type.kinds) names.push_back(kind->name);
    return names;
}

std::string said(const Integer& type) {
    return fmt::format("an integer from {} to {}", type.min, type.max);
}
std::string said(const Number& type) {
    return fmt::format("a number {} {} {} {}", type.above_min ? "above" : "from", type.min,
                       type.below_max ? "to below" : "to", type.max);
}
std::string said(const Flag&) { return "true or false"; }
std::string said(const Choice& type) { return quoted(names_of(type)); }
std::string said(const Text& type) { return std::string{type.must_be}; }
std::string said(const Time&) { return "epoch seconds or an ISO 8601 time"; }
std::string said(const KindName& type) { return quoted(names_of(type)); }
std::string said(const List& type) {
    if (type.min == 0) return fmt::format("a list of at most {} objects", type.max);
    return fmt::format("a list of {} to {} objects", type.min, type.max);
}
std::string said(const Object& type) {
    std::string text;
    for (const Row& row : type.table->rows) {
        if (row.need != Need::required) continue;
        text += fmt::format("{}{}", text.empty() ? " with " : " and ", row.key);
    }
    return "an object" + text;
}

std::string name_meant(std::span<const std::string_view> names, std::string_view given) {
    const std::string word = lower_case(given);
    const auto same = std::ranges::find(names, word, lower_case);
    const auto near = same == names.end() ? nearest_name(given, names) : *same;
    return near ? fmt::format("did you mean \"{}\"?", *near) : "";
}

std::string unquoted(const Given& given) {
    const bool without = !given.number && !given.boolean &&
                         (parse_finite(*given.text) || parse_boolean(*given.text));
    return without ? "write it without quotation marks" : "";
}

template <class Type>
std::string guess(const Type&, const Given&) {
    return {};
}
template <>
std::string guess(const Integer&, const Given& given) {
    return unquoted(given);
}
template <>
std::string guess(const Number&, const Given& given) {
    return unquoted(given);
}
template <>
std::string guess(const Flag&, const Given& given) {
    return unquoted(given);
}
template <>
std::string guess(const Choice& type, const Given& given) {
    return name_meant(names_of(type), *given.text);
}
template <>
std::string guess(const KindName& type, const Given& given) {
    return name_meant(names_of(type), *given.text);
}

}  // namespace

std::string shown_text(std::string_view text) {
    JsonWriter writer;
    writer.value(cut(masked(text)));
    return writer.take();
}

std::string shown_key(std::string_view key) {
    const std::string quoted_key = shown_text(key);
    return quoted_key.substr(1, quoted_key.size() - 2);
}

std::string shown(const Given& given) {
    return given.json ? shown_json(*given.json) : shown_text(given.text.value_or(""));
}

Given given_text(std::string_view text, Place where) {
    return {.where = std::move(where),
            .text = text,
            .number = parse_finite(text),
            .boolean = parse_boolean(text)};
}

Given given_json(const json::Value& value, bool text_counts, Place where) {
    const auto text = value.as_string();
    if (text && text_counts) return given_text(*text, std::move(where));
    return {.where = std::move(where),
            .json = value,
            .text = text,
            .number = value.as_double(),
            .boolean = value.as_bool()};
}

std::optional<Value> value_of(const Type& type, const Given& given) {
    return std::visit([&](const auto& one) { return value_as(one, given); }, type);
}

std::string must_be(const Type& type) {
    return std::visit([](const auto& one) { return said(one); }, type);
}

std::string hint(const Type& type, const Given& given) {
    if (!given.text) return "";
    return std::visit([&](const auto& one) { return guess(one, given); }, type);
}

}  // namespace fas::settings
