#include "app/setting_value.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "base/json_writer.h"
#include "base/nearest_name.h"
#include "base/parse_number.h"

namespace fas::app {

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
    if (const auto at = result.rfind('@'); at != std::string::npos && at >= start) {
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

std::optional<OptionValue> value_of(const IntegerType& type, const Given& given) {
    if (!given.number || std::trunc(*given.number) != *given.number) return std::nullopt;
    const bool in_range = *given.number >= static_cast<double>(type.min) &&
                          *given.number <= static_cast<double>(type.max);
    if (!in_range) return std::nullopt;
    return static_cast<std::int64_t>(*given.number);
}

std::optional<OptionValue> value_of(const NumberType& type, const Given& given) {
    if (!given.number) return std::nullopt;
    const double number = *given.number;
    const bool in_range = (type.above_min ? number > type.min : number >= type.min) &&
                          (type.below_max ? number < type.max : number <= type.max);
    if (!in_range) return std::nullopt;
    return number;
}

std::optional<OptionValue> value_of(const BooleanType&, const Given& given) {
    if (!given.boolean) return std::nullopt;
    return *given.boolean;
}

// The name as it stands in the table.
std::optional<OptionValue> value_of(const ChoiceType& type, const Given& given) {
    if (!given.text) return std::nullopt;
    const auto found = std::ranges::find_if(type.names, [&](std::string_view name) {
        return type.any_case ? lower_case(name) == lower_case(*given.text) : name == *given.text;
    });
    if (found == type.names.end()) return std::nullopt;
    return std::string{*found};
}

std::optional<OptionValue> value_of(const TextType& type, const Given& given) {
    if (!given.text || !type.valid(*given.text)) return std::nullopt;
    return std::string{*given.text};
}

// Is set by set_structure().
bool assign(const Setting&, const StructureType&, const Given&, Draft&) { return false; }

bool assign(const Setting& setting, const OptionType& type, const Given& given, Draft& draft) {
    const auto value = std::visit([&](const auto& one) { return value_of(one, given); }, type);
    if (value) setting.set(draft, *value);
    return value.has_value();
}

bool assign(const Setting&, const KindType& type, const Given& given, Draft& draft) {
    const Kind* kind = given.text ? find_kind(type.part, *given.text) : nullptr;
    if (kind != nullptr) choose(type.part, *kind, draft);
    return kind != nullptr;
}

constexpr json::Limits structure_limits{.bytes_max = std::size_t{64} << 10U, .depth_max = 8};

// What is wrong with it; empty: nothing, and it is set.
std::string read_structure(const StructureType& type, const Given& given, Draft& draft) {
    std::string problem;
    if (given.json) {
        type.read(draft, *given.json, &problem);
        return problem;
    }
    const auto document = json::parse(*given.text, structure_limits);
    if (!document) return document.error().message;
    type.read(draft, document->root(), &problem);
    return problem;
}

std::string accepted_by(const IntegerType& type) {
    return fmt::format("an integer from {} to {}", type.min, type.max);
}

std::string accepted_by(const NumberType& type) {
    return fmt::format("a number {} {} {} {}", type.above_min ? "above" : "from", type.min,
                       type.below_max ? "to below" : "to", type.max);
}

std::string accepted_by(const BooleanType&) { return "true or false"; }

std::string one_of(std::span<const std::string_view> names) {
    std::string text = names.size() == 1 ? "" : "one of ";
    for (const std::string_view name : names) {
        if (!text.empty() && text.back() == '"') text += ", ";
        text += fmt::format("\"{}\"", name);
    }
    return text;
}

std::string accepted_by(const ChoiceType& type) { return one_of(type.names); }

std::string accepted_by(const TextType& type) { return std::string(type.accepted); }

std::string accepted_by(const OptionType& type) {
    return std::visit([](const auto& one) { return accepted_by(one); }, type);
}

std::vector<std::string_view> names_of(Part part) {
    std::vector<std::string_view> names;
    for (const Kind& kind : kinds_of(part)) names.push_back(kind.name);
    return names;
}

std::string accepted_by(const KindType& type) { return one_of(names_of(type.part)); }

std::string accepted_by(const StructureType& type) { return std::string{type.accepted}; }

std::string name_meant(std::span<const std::string_view> names, std::string_view given) {
    const std::string word = lower_case(given);
    if (std::ranges::find(names, word) != names.end()) {
        return fmt::format("did you mean \"{}\"?", word);
    }
    const auto near = nearest_name(word, names);
    return near ? fmt::format("did you mean \"{}\"?", *near) : "";
}

std::string hint(const OptionType& type, const Given& given) {
    if (!given.text) return "";
    if (const auto* choice = std::get_if<ChoiceType>(&type)) {
        return name_meant(choice->names, *given.text);
    }
    const bool is_text = std::holds_alternative<TextType>(type);
    const bool quoted = !is_text && !given.number && !given.boolean &&
                        (parse_finite(*given.text) || parse_boolean(*given.text));
    return quoted ? "write it without quotation marks" : "";
}

std::string hint(const StructureType&, const Given&) { return ""; }

std::string hint(const KindType& type, const Given& given) {
    return given.text ? name_meant(names_of(type.part), *given.text) : "";
}

}  // namespace

std::string shown_text(std::string_view text) {
    JsonWriter writer;
    writer.value(cut(masked(text)));
    return writer.take();
}

Given given_text(std::string_view text, Place where) {
    return {.where = std::move(where),
            .shown = shown_text(text),
            .text = text,
            .number = parse_finite(text),
            .boolean = parse_boolean(text)};
}

Given given_json(const json::Value& value, bool text_counts, Place where) {
    const auto text = value.as_string();
    if (text && text_counts) return given_text(*text, std::move(where));
    return {.where = std::move(where),
            .shown = shown_json(value),
            .json = value,
            .text = text,
            .number = value.as_double(),
            .boolean = value.as_bool()};
}

std::string accepted(const SettingType& type) {
    return std::visit([](const auto& one) { return accepted_by(one); }, type);
}

static void set_structure(const Setting& setting, const Given& given, Draft& draft) {
    const auto& type = std::get<StructureType>(setting.type);
    std::string problem = read_structure(type, given, draft);
    if (problem.empty()) {
        draft.note(setting, given.where);
        return;
    }
    draft.refuse({.key = std::string(setting.key),
                  .where = *given.where,
                  .value = given.shown,
                  .accepted = accepted(setting.type),
                  .hint = std::move(problem)});
}

void set(const Setting& setting, const Given& given, Draft& draft) {
    if (std::holds_alternative<StructureType>(setting.type)) {
        set_structure(setting, given, draft);
        return;
    }
    const bool done = std::visit(
        [&](const auto& type) { return assign(setting, type, given, draft); }, setting.type);
    if (done) {
        draft.note(setting, given.where);
        return;
    }
    draft.refuse(
        {.key = std::string(setting.key),
         .where = *given.where,
         .value = given.shown,
         .accepted = accepted(setting.type),
         .hint = std::visit([&](const auto& type) { return hint(type, given); }, setting.type)});
}

void set(Part part, const Option& option, const Given& given, Draft& draft) {
    auto value = std::visit([&](const auto& type) { return value_of(type, given); }, option.type);
    if (value) {
        draft.options(part).set(option.key, std::move(*value));
        draft.note(part, option, given.where);
        return;
    }
    draft.refuse(part, option,
                 {.key = key_of(part, option.key),
                  .where = *given.where,
                  .value = option.secret ? "***" : given.shown,
                  .accepted = accepted_by(option.type),
                  .hint = hint(option.type, given)});
}

void choose(Part part, const Kind& kind, Draft& draft) {
    if (&draft.kind(part) == &kind) return;
    draft.set_kind(part, kind);
    set_from_environment(part, draft);
}

void set_from_environment(Part part, Draft& draft) {
    if (draft.environment == nullptr) return;
    for (const Option& option : draft.kind(part).options) {
        const auto text = (*draft.environment)(option.variable);
        if (!text || text->empty()) continue;
        Place place = place_of(fmt::format("environment variable {}", option.variable));
        set(part, option, given_text(*text, std::move(place)), draft);
    }
}

}  // namespace fas::app
