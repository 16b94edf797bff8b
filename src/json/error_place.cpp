#include "json/error_place.h"

#include <algorithm>
#include <cstdint>

// Leaves out the accessors that throw, so that none is called by accident.
#define SIMDJSON_EXCEPTIONS 0
#include <simdjson.h>

namespace fas::json {

namespace ondemand = simdjson::ondemand;

namespace {

// Visits everything, since simdjson's on-demand parser checks only what is asked for.
template <class Source>
simdjson::error_code visit(Source& source, std::size_t depth_left);

// Nothing may stand in an array or object at depth 0. An empty one may be there.
simdjson::error_code visit_array(ondemand::array array, std::size_t depth_left) {
    for (auto item : array) {
        if (depth_left == 0) return simdjson::DEPTH_ERROR;
        ondemand::value value;
        if (const auto error = item.get(value)) return error;
        if (const auto error = visit(value, depth_left - 1)) return error;
    }
    return simdjson::SUCCESS;
}

simdjson::error_code visit_object(ondemand::object object, std::size_t depth_left) {
    for (auto member : object) {
        if (depth_left == 0) return simdjson::DEPTH_ERROR;
        ondemand::field field;
        if (const auto error = std::move(member).get(field)) return error;
        std::string_view key;
        if (const auto error = field.unescaped_key().get(key)) return error;
        ondemand::value value = field.value();
        if (const auto error = visit(value, depth_left - 1)) return error;
    }
    return simdjson::SUCCESS;
}

// simdjson's two parsers disagree about some numbers far too small, such as 1e-400456789012345678.
template <class Source>
simdjson::error_code visit_number(Source& source) {
    const auto error = source.get_double().error();
    if (!error) return error;
    const simdjson::simdjson_result<std::string_view> token{source.raw_json_token()};
    if (token.error()) return token.error();
    simdjson::dom::parser judge;
    return judge.parse(simdjson::padded_string{token.value_unsafe()}).error();
}

template <class Source>
simdjson::error_code visit(Source& source, std::size_t depth_left) {
    ondemand::json_type type{};
    if (const auto error = source.type().get(type)) return error;
    switch (type) {
        case ondemand::json_type::array: {
            ondemand::array array;
            if (const auto error = source.get_array().get(array)) return error;
            return visit_array(array, depth_left);
        }
        case ondemand::json_type::object: {
            ondemand::object object;
            if (const auto error = source.get_object().get(object)) return error;
            return visit_object(object, depth_left);
        }
        case ondemand::json_type::number: return visit_number(source);
        case ondemand::json_type::string: return source.get_string().error();
        case ondemand::json_type::boolean: return source.get_bool().error();
        case ondemand::json_type::null: return source.is_null().error();
    }
    return simdjson::TAPE_ERROR;
}

Place place_of(std::string_view text, std::size_t offset) {
    const std::string_view before = text.substr(0, offset);
    const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0: the first line
    return {static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1,
            offset - line_start + 1};
}

}  // namespace

std::optional<Place> error_place(std::string_view text, std::size_t depth_max) {
    const simdjson::padded_string padded{text};
    ondemand::parser parser;
    ondemand::document document;
    if (parser.iterate(padded).get(document) != simdjson::SUCCESS) return std::nullopt;

    // Where the visit stopped is the fault's place; a whole visit stops at the text after the end.
    (void)visit(document, depth_max);
    const char* location = nullptr;
    if (document.current_location().get(location) != simdjson::SUCCESS) return std::nullopt;
    const auto offset = static_cast<std::size_t>(location - padded.data());
    // A bracket that is never closed, and text after the end, are both found at the first byte.
    if (offset > text.size() || offset == text.find_first_not_of(" \t\r\n")) return std::nullopt;
    return place_of(text, offset);
}

}  // namespace fas::json
