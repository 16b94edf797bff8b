#include "app/setting_value.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "base/json_writer.h"
#include "base/nearest_name.h"

namespace fas::app {

namespace {

constexpr std::size_t shown_bytes_max = 80;

std::string lower(std::string_view text) {
    std::string result(text);
    for (char& c : result) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return result;
}

std::optional<double> parse_number(std::string_view text) {
    double number = 0;
    const char* end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, number);
    // from_chars takes "inf" and "nan" too.
    if (result.ec != std::errc{} || result.ptr != end || !std::isfinite(number)) {
        return std::nullopt;
    }
    return number;
}

std::optional<bool> parse_boolean(std::string_view text) {
    const std::string word = lower(text);
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

// U+0080 to U+009F, which some terminals obey. JsonWriter escapes the ASCII ones.
std::string c1_controls_escaped(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool c1 = text[i] == '\xC2' && i + 1 < text.size() &&
                        static_cast<unsigned char>(text[i + 1]) <= 0x9F;
        if (c1) {
            result += fmt::format("\\u{:04x}", static_cast<unsigned char>(text[++i]));
        } else {
            result += text[i];
        }
    }
    return result;
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

bool assign(const IntegerType& type, const Given& given, Draft& draft) {
    if (!given.number || std::trunc(*given.number) != *given.number) return false;
    const bool in_range = *given.number >= static_cast<double>(type.min) &&
                          *given.number <= static_cast<double>(type.max);
    if (in_range) type.set(draft, static_cast<std::int64_t>(*given.number));
    return in_range;
}

bool assign(const NumberType& type, const Given& given, Draft& draft) {
    if (!given.number) return false;
    const double number = *given.number;
    const bool in_range = (type.above_min ? number > type.min : number >= type.min) &&
                          (type.below_max ? number < type.max : number <= type.max);
    if (in_range) type.set(draft, number);
    return in_range;
}

bool assign(const BooleanType& type, const Given& given, Draft& draft) {
    if (given.boolean) type.set(draft, *given.boolean);
    return given.boolean.has_value();
}

bool assign(const ChoiceType& type, const Given& given, Draft& draft) {
    if (!given.text) return false;
    const auto found = std::ranges::find_if(type.names, [&](std::string_view name) {
        return type.any_case ? lower(name) == lower(*given.text) : name == *given.text;
    });
    if (found == type.names.end()) return false;
    type.set(draft, *found);
    return true;
}

bool assign(const TextType& type, const Given& given, Draft& draft) {
    if (!given.text || !type.valid(*given.text)) return false;
    type.set(draft, *given.text);
    return true;
}

std::string accepted_by(const IntegerType& type) {
    return fmt::format("an integer from {} to {}", type.min, type.max);
}

std::string accepted_by(const NumberType& type) {
    return fmt::format("a number {} {} {} {}", type.above_min ? "above" : "from", type.min,
                       type.below_max ? "to below" : "to", type.max);
}

std::string accepted_by(const BooleanType&) { return "true or false"; }

std::string accepted_by(const ChoiceType& type) {
    std::string text = type.names.size() == 1 ? "" : "one of ";
    for (const std::string_view name : type.names) {
        if (!text.empty() && text.back() == '"') text += ", ";
        text += fmt::format("\"{}\"", name);
    }
    return text;
}

std::string accepted_by(const TextType& type) { return std::string(type.accepted); }

std::string hint(const Setting& setting, const Given& given) {
    if (!given.text) return "";
    if (const auto* choice = std::get_if<ChoiceType>(&setting.type)) {
        const auto near = nearest_name(lower(*given.text), choice->names);
        const bool other_case =
            std::ranges::find(choice->names, lower(*given.text)) != choice->names.end();
        if (other_case) return fmt::format("did you mean \"{}\"?", lower(*given.text));
        return near ? fmt::format("did you mean \"{}\"?", *near) : "";
    }
    const bool is_text = std::holds_alternative<TextType>(setting.type);
    const bool quoted = !is_text && !given.number && !given.boolean &&
                        (parse_number(*given.text) || parse_boolean(*given.text));
    return quoted ? "write it without quotation marks" : "";
}

}  // namespace

std::string shown_text(std::string_view text) {
    JsonWriter writer;
    writer.value(cut(masked(text)));
    return c1_controls_escaped(writer.text());
}

Given given_text(std::string_view text, Place where) {
    return {.where = std::move(where),
            .shown = shown_text(text),
            .text = text,
            .number = parse_number(text),
            .boolean = parse_boolean(text)};
}

Given given_json(const json::Value& value, bool text_counts, Place where) {
    const auto text = value.as_string();
    if (text && text_counts) return given_text(*text, std::move(where));
    return {.where = std::move(where),
            .shown = shown_json(value),
            .text = text,
            .number = value.as_double(),
            .boolean = value.as_bool()};
}

std::string accepted(const Setting& setting) {
    return std::visit([](const auto& type) { return accepted_by(type); }, setting.type);
}

void set(const Setting& setting, const Given& given, Draft& draft) {
    const bool done =
        std::visit([&](const auto& type) { return assign(type, given, draft); }, setting.type);
    if (done) {
        draft.note(setting, given.where);
        return;
    }
    draft.refuse({.key = std::string(setting.key),
                  .where = *given.where,
                  .value = given.shown,
                  .accepted = accepted(setting),
                  .hint = hint(setting, given)});
}

}  // namespace fas::app
