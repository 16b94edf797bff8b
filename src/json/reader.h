// Reads JSON: service answers, state files, configuration, events. A thin face over simdjson's
// DOM, which is named in reader.cpp alone.
//
// A Document owns the parsed text; Values and the string_views taken from them point into it and
// live no longer. Moving the Document keeps them valid. Const use is safe from several threads.
//
// Missing, null and of the wrong type are three different things:
//     const auto count = root.find("count");            // nothing: missing
//     if (count && count->is_null()) ...                // present, null
//     const auto number = count ? count->as_int() : std::nullopt;  // nothing: another type
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace fas::json {

enum class Type { null, boolean, number, string, array, object };

// For messages: "null", "boolean", "number", "string", "array", "object".
std::string_view to_string(Type type);

struct Member;

class Value {
  public:
    Type type() const;
    std::string_view type_name() const { return to_string(type()); }
    bool is_null() const { return type() == Type::null; }
    bool is_array() const { return type() == Type::array; }
    bool is_object() const { return type() == Type::object; }

    // Each gives nothing for a value of another type. No text is turned into a number or back.
    std::optional<std::string_view> as_string() const;
    std::optional<bool> as_bool() const;
    // Any number in range. 10.0 and 1e1 are the integer 10, since writers of JSON differ in how
    // they print it; 10.5 is none, nor is a fractional form beyond 2^53, which may be rounded.
    std::optional<std::int64_t> as_int() const;
    std::optional<double> as_double() const;

    // The member of that name (the first, where a name is repeated); nothing when there is none or
    // this is no object. A member that is null is found.
    std::optional<Value> find(std::string_view key) const;

    // The text, the items, or the whole number from 0 on, of that member; empty, or nothing, where
    // it is missing or something else.
    std::string_view text_at(std::string_view key) const;
    std::vector<Value> items_at(std::string_view key) const;
    std::optional<std::int64_t> count_at(std::string_view key) const;

    // In the document's order, repeated names included; empty when this is no object.
    std::vector<Member> members() const;
    // Empty when this is no array.
    std::vector<Value> items() const;

    // The names that occur more than once in this object, each once, in order. Objects inside are
    // not looked at.
    std::vector<std::string_view> repeated_keys() const;

  private:
    friend class Document;
    friend struct ValueAccess;
    // A simdjson::dom::element, kept opaque so that includers do not compile its large header.
    using Element = std::array<std::uintptr_t, 2>;
    explicit Value(Element element) : element_(element) {}

    Element element_;
};

struct Member {
    std::string_view key;
    Value value;
};

struct Limits {
    std::size_t bytes_max = 0;   // no default: every caller knows what it reads
    std::size_t depth_max = 32;  // objects and arrays inside each other; empty ones do not count
};

class Document {
  public:
    Document(Document&&) noexcept;
    Document& operator=(Document&&) noexcept;
    ~Document();

    Value root() const;

  private:
    friend Result<Document> parse(std::string_view text, Limits limits);
    struct Tape;
    explicit Document(std::unique_ptr<Tape> tape);

    std::unique_ptr<Tape> tape_;
};

// Parses one whole document; the text is copied. Any root is accepted, a leading byte order mark
// is skipped. Errors are of kind invalid and say what was wrong and, where it is known, on which
// line and column: too long, too deep, empty, not UTF-8, no JSON, text after the end, a number
// that neither 64 bits nor a double can hold. They never quote the document, which may hold
// secrets.
Result<Document> parse(std::string_view text, Limits limits);

}  // namespace fas::json
