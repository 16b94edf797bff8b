#include "json/reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <string>
#include <utility>

#include "json/error_place.h"

// Leaves out the accessors that throw, so that none is called by accident.
#define SIMDJSON_EXCEPTIONS 0
#include <simdjson.h>

namespace fas::json {

namespace dom = simdjson::dom;

struct ValueAccess {
    static_assert(sizeof(Value::Element) == sizeof(dom::element));
    static_assert(std::is_trivially_copyable_v<dom::element>);

    static dom::element element(const Value& value) {
        return std::bit_cast<dom::element>(value.element_);
    }
    static Value value(dom::element element) {
        return Value{std::bit_cast<Value::Element>(element)};
    }
};

struct Document::Tape {
    dom::document document;
};

namespace {

template <class T>
std::optional<T> get(const Value& value) {
    T result{};
    if (ValueAccess::element(value).get(result) != simdjson::SUCCESS) return std::nullopt;
    return result;
}

// Beyond it neighbouring doubles are more than 1 apart, and the number written may have been
// another integer.
constexpr double exact_integer_max = 9007199254740992.0;  // 2^53

Error invalid(std::string message) {
    return make_error(ErrorKind::invalid, "", std::move(message));
}

std::string reason(simdjson::error_code code, Limits limits) {
    using enum simdjson::error_code;
    switch (code) {
        case DEPTH_ERROR:
            return fmt::format("it is nested deeper than {} levels", limits.depth_max);
        case UTF8_ERROR: return "it is not valid UTF-8";
        case EMPTY: return "it is empty";
        case UNCLOSED_STRING: return "a string is not closed";
        case UNESCAPED_CHARS: return "a string holds a control character that is not escaped";
        case STRING_ERROR: return "a string holds an escape that does not exist";
        case NUMBER_ERROR: return "a number is malformed or out of range";
        case T_ATOM_ERROR:
        case F_ATOM_ERROR:
        case N_ATOM_ERROR: return "a word is not one of true, false, null";
        case MEMALLOC: return "there is not enough memory for it";
        default:
            return "it breaks JSON's grammar: a missing or surplus comma, quote, colon or bracket, "
                   "a comment, or text after the end";
    }
}

}  // namespace

std::string_view to_string(Type type) {
    switch (type) {
        case Type::null: return "null";
        case Type::boolean: return "boolean";
        case Type::number: return "number";
        case Type::string: return "string";
        case Type::array: return "array";
        case Type::object: return "object";
    }
    return "unknown";
}

Type Value::type() const {
    switch (ValueAccess::element(*this).type()) {
        case dom::element_type::ARRAY: return Type::array;
        case dom::element_type::OBJECT: return Type::object;
        case dom::element_type::STRING: return Type::string;
        case dom::element_type::BOOL: return Type::boolean;
        case dom::element_type::NULL_VALUE: return Type::null;
        case dom::element_type::INT64:
        case dom::element_type::UINT64:
        case dom::element_type::DOUBLE: return Type::number;
    }
    return Type::null;
}

std::optional<std::string_view> Value::as_string() const { return get<std::string_view>(*this); }

std::optional<bool> Value::as_bool() const { return get<bool>(*this); }

std::optional<double> Value::as_double() const { return get<double>(*this); }

std::optional<std::int64_t> Value::as_int() const {
    if (const auto integer = get<std::int64_t>(*this)) return integer;
    if (ValueAccess::element(*this).type() != dom::element_type::DOUBLE) return std::nullopt;
    const auto number = get<double>(*this);
    if (!number || std::abs(*number) > exact_integer_max || std::trunc(*number) != *number) {
        return std::nullopt;
    }
    return static_cast<std::int64_t>(*number);
}

std::optional<Value> Value::find(std::string_view key) const {
    const auto object = get<dom::object>(*this);
    if (!object) return std::nullopt;
    dom::element found;
    if (object->at_key(key).get(found) != simdjson::SUCCESS) return std::nullopt;
    return ValueAccess::value(found);
}

std::string_view Value::text_at(std::string_view key) const {
    const auto member = find(key);
    return member ? member->as_string().value_or("") : "";
}

std::vector<Value> Value::items_at(std::string_view key) const {
    const auto member = find(key);
    return member ? member->items() : std::vector<Value>{};
}

std::optional<std::int64_t> Value::count_at(std::string_view key) const {
    const auto member = find(key);
    const auto number = member ? member->as_int() : std::nullopt;
    return number && *number >= 0 ? number : std::nullopt;
}

std::vector<Member> Value::members() const {
    std::vector<Member> members;
    if (const auto object = get<dom::object>(*this)) {
        for (const auto& field : *object) {
            members.push_back({field.key, ValueAccess::value(field.value)});
        }
    }
    return members;
}

std::vector<Value> Value::items() const {
    std::vector<Value> items;
    if (const auto array = get<dom::array>(*this)) {
        for (const dom::element item : *array) items.push_back(ValueAccess::value(item));
    }
    return items;
}

std::vector<std::string_view> Value::repeated_keys() const {
    std::vector<std::string_view> keys;
    for (const auto& member : members()) keys.push_back(member.key);
    std::ranges::sort(keys);

    std::vector<std::string_view> repeated;
    for (std::size_t i = 1; i < keys.size(); ++i) {
        if (keys[i] == keys[i - 1] && (repeated.empty() || repeated.back() != keys[i])) {
            repeated.push_back(keys[i]);
        }
    }
    return repeated;
}

Document::Document(std::unique_ptr<Tape> tape) : tape_(std::move(tape)) {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

Value Document::root() const { return ValueAccess::value(tape_->document.root()); }

Result<Document> parse(std::string_view text, Limits limits) {
    if (text.size() > limits.bytes_max) {
        return invalid(fmt::format("not read as JSON: its {} bytes are over the limit of {}",
                                   text.size(), limits.bytes_max));
    }
    // "Implementations may ignore the presence of a byte order mark": RFC 8259, section 8.1.
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    if (text.empty()) return invalid("not JSON: it is empty");

    auto tape = std::make_unique<Document::Tape>();
    dom::parser parser;
    // simdjson counts the root itself as a level.
    simdjson::error_code code = parser.allocate(text.size(), limits.depth_max + 1);
    if (code == simdjson::SUCCESS) {
        code = parser.parse_into_document(tape->document, text.data(), text.size()).error();
    }
    if (code == simdjson::SUCCESS) return Document{std::move(tape)};

    std::string message = fmt::format("not JSON: {}", reason(code, limits));
    if (const auto place = error_place(text, limits.depth_max)) {
        message += fmt::format(" (line {}, column {})", place->line, place->column);
    }
    return invalid(std::move(message));
}

}  // namespace fas::json
