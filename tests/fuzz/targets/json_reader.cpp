// Every JSON text that is accepted means the same after it was written again.
#include <algorithm>

#include "base/json_writer.h"
#include "json/error_place.h"
#include "json/reader.h"
#include "tests/fuzz/fuzz.h"

namespace fas::fuzz::json_reader {

namespace {

constexpr json::Limits limits{.bytes_max = std::size_t{64} << 10U, .depth_max = 16};

void write(JsonWriter& out, const json::Value& value) {
    switch (value.type()) {
        case json::Type::null: out.null(); break;
        case json::Type::boolean: out.value(*value.as_bool()); break;
        case json::Type::string: out.value(*value.as_string()); break;
        case json::Type::number:
            if (const auto integer = value.as_int()) {
                out.value(*integer);
            } else {
                out.value(*value.as_double());
            }
            break;
        case json::Type::array:
            out.begin_array();
            for (const json::Value& item : value.items()) write(out, item);
            out.end_array();
            break;
        case json::Type::object:
            out.begin_object();
            for (const auto& [key, member] : value.members()) write(out.key(key), member);
            out.end_object();
            break;
    }
}

// A number with a fraction that a double has no room for is written without one, and then is an
// integer too: its value alone is compared.
bool same(const json::Value& a, const json::Value& b) {
    if (a.type() != b.type() || a.as_string() != b.as_string() || a.as_bool() != b.as_bool() ||
        a.as_double() != b.as_double()) {
        return false;
    }
    return std::ranges::equal(a.items(), b.items(), same) &&
           std::ranges::equal(a.members(), b.members(),
                              [](const json::Member& one, const json::Member& other) {
                                  return one.key == other.key && same(one.value, other.value);
                              });
}

// What a value is taken for follows from its type alone.
void require_one_meaning(const json::Value& value, std::size_t depth) {
    require(depth <= limits.depth_max + 1, "no value is nested deeper than allowed");
    const json::Type type = value.type();
    require(value.as_string().has_value() == (type == json::Type::string), "text is text");
    require(value.as_bool().has_value() == (type == json::Type::boolean), "a boolean is one");
    require(value.as_double().has_value() == (type == json::Type::number), "a number is one");
    if (const auto integer = value.as_int()) {
        require(static_cast<double>(*integer) == value.as_double(), "an integer is its number");
    }
    require(value.is_array() || value.items().empty(), "only an array has items");
    require(value.is_object() || value.members().empty(), "only an object has members");
    for (const json::Value& item : value.items()) require_one_meaning(item, depth + 1);
    for (const json::Member& member : value.members()) {
        require(value.find(member.key).has_value(), "a member is found by its name");
        require_one_meaning(member.value, depth + 1);
    }
    for (const std::string_view key : value.repeated_keys()) {
        require(value.find(key).has_value(), "a repeated name is a member's");
    }
}

}  // namespace

void check(std::string_view input) {
    const auto document = json::parse(input, limits);
    if (!document) {
        require_sound(document.error());
        require(document.error().kind == ErrorKind::invalid, "what is no JSON is invalid");
        require(document.error().message.size() <= 250, "an error does not quote the document");
        return;
    }
    require(!json::error_place(input, limits.depth_max), "what parses has no place of an error");
    require_one_meaning(document->root(), 0);

    JsonWriter out;
    write(out, document->root());
    // Escapes and long numbers may make it longer.
    const auto again =
        json::parse(out.text(), {.bytes_max = limits.bytes_max * 8, .depth_max = limits.depth_max});
    require(again.has_value(), "what is written can be read");
    require(same(document->root(), again->root()), "and means the same");
}

}  // namespace fas::fuzz::json_reader
