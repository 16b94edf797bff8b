// What can be configured, as rows: one for each setting, for each option of a kind of queue, target
// or store (base/kind.h), and for each member of a structure (`step`, `behavior`, `schedule`). A
// row says all that there is to say of it, once. By the rows files, events, the environment and
// tags are read and errors are worded (src/settings/); the schema and the documents' tables are
// made of them.
//
// To add a setting: its field, in a plain struct, whose initial value is the default; and its row.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <variant>

#include "base/field.h"
#include "base/grammar.h"
#include "base/name.h"

namespace fas {

struct Integer {  // Value: an integer
    std::int64_t min = 0;
    std::int64_t max = 0;
};

struct Number {  // Value: a double
    double min = 0;
    double max = 0;
    bool above_min = false;  // min itself is refused
    bool below_max = false;  // max itself is refused
};

struct Flag {};  // Value: a bool

// Value: the Name's value, an integer, or its text where it has none. Several names may stand for
// one value, which is shown by the first of them.
struct Choice {
    std::span<const Name> names;
    bool any_case = false;  // of letters
};

struct Text {  // Value: a text
    Grammar grammar;
    std::string_view must_be;  // after "must be": "the ARN of an IAM role"
};

// Seconds since 1970, as a number, or a text in ISO 8601. Value: microseconds, an integer.
struct Time {};

struct Table;
struct Kind;
class Options;

// A JSON object with members of its own. In the environment it is JSON text.
struct Object {
    const Table* table;
    void* (*open)(void* owner);  // the member, with all of its defaults: the table's owner
};

// A JSON list of such objects.
struct List {
    const Table* table;  // of an item
    std::size_t min = 0;
    std::size_t max = 0;
    void (*clear)(void* owner);
    void* (*append)(void* owner);  // a new item with all of its defaults: the table's owner
};

// The name of one of several kinds, whose options are the members of an object beside it: of
// "queue_type", `config` is "queue_config". The kind's own environment variables are read only
// while it is chosen.
struct KindName {
    std::span<const Kind* const> kinds;  // the first is the default
    std::string_view config;
    Options& (*options)(void* owner);
};

using Type = std::variant<Integer, Number, Flag, Choice, Text, Time, Object, List, KindName>;

enum class Need {
    // It has a default: what a default-constructed owner has.
    default_,  // NOLINT(readability-identifier-naming): the word is the language's
    absent,    // it may be absent, which means something else than any value
    required,  // it must be given
};

// Whether a discovered service's tag may say it. Whoever may tag a service must not thereby choose
// whose rights are used, nor where a password is sent.
enum class Tag { no, yes, control };  // control: a tag of every target's that each check reads

enum class Mark {
    secret,          // the value is never shown
    null_is_absent,  // null may be written for what is absent
};

// Another name in the environment than variable_of()'s, and one to look at where that is not set.
struct Variable {
    std::string_view name;
    std::string_view otherwise = {};
};

// Required with the default kind of that KindName alone: NeededWith{"target_type"}.
struct NeededWith {
    std::string_view key;
};

// Where in docs/ there is more: Page{"policies.md#step"}.
struct Page {
    std::string_view place;
};

// What it may be, where no default shows it, as it is written in the environment: Example{"shop"}.
struct Example {
    std::string_view text;
};

// Row{"queue_url", Text{...}, field<&SqsOptions::queue_url>, "The queue's URL.", Need::required}
// After the sentence, in any order, what is said of few: Need, Tag, Mark, Variable, NeededWith,
// Page, Example.
struct Row {
    template <class... Detail>
    constexpr Row(std::string_view its_key, Type its_type, Field its_field,
                  std::string_view sentence, Detail... details)
        : key(its_key), type(its_type), field(its_field), says(sentence) {
        (note(details), ...);
    }

    std::string_view key;  // in a file, an event, a tag: "min_tasks"
    Type type;
    Field field;            // without functions: an Object, List or KindName, or what has no effect
    std::string_view says;  // one sentence or a few, for the schema and the documents
    Need need = Need::default_;
    Tag tag = Tag::no;
    std::string_view variable = {};           // empty: as variable_of() says
    std::string_view variable_fallback = {};  // empty: none
    std::string_view needed_with = {};        // empty: it is required whatever the kinds are
    std::string_view page = {};
    std::string_view example = {};
    bool secret = false;
    bool null_is_absent = false;

  private:
    constexpr void note(Need its_need) { need = its_need; }
    constexpr void note(Tag its_tag) { tag = its_tag; }
    constexpr void note(Mark mark) { (mark == Mark::secret ? secret : null_is_absent) = true; }
    constexpr void note(Variable its_variable) {
        variable = its_variable.name;
        variable_fallback = its_variable.otherwise;
    }
    constexpr void note(NeededWith with) {
        need = Need::required;
        needed_with = with.key;
    }
    constexpr void note(Page its_page) { page = its_page.place; }
    constexpr void note(Example its_example) { example = its_example.text; }
};

// What is wrong with members each of which is right by itself.
struct Clash {
    std::string key;      // of the member to change: "step_adjustments"; empty: the whole
    std::string message;  // for a person: what is wrong, and what to do
};

// The rows over one plain struct, their owner. Where a table stands says what its settings hold
// for: the process, each target, a kind, a structure.
struct Table {
    std::span<const Row> rows;
    const void* (*defaults)();                         // a default-constructed owner
    std::optional<Clash> (*check)(const void* owner);  // null: there can be none
    std::string_view variable_prefix = {};             // of a kind: "SQS_"

    const Row* find(std::string_view key) const;  // null where there is none
    std::size_t index(const Row& row) const { return static_cast<std::size_t>(&row - rows.data()); }
};

// The name in the environment: what the row says, else the table's prefix and the key in upper
// case. Members of structures have none.
std::string variable_of(const Table& table, const Row& row);
// The same, over what `name` holds: for many names in one buffer.
void write_variable(const Table& table, const Row& row, std::string& name);

template <class Owner>
const void* defaults_of() {
    static const Owner owner{};
    return &owner;
}

// `check` takes a const Owner&.
template <class Owner, auto check = nullptr>
constexpr Table table_of(std::span<const Row> rows, std::string_view variable_prefix = {}) {
    Table table{.rows = rows,
                .defaults = defaults_of<Owner>,
                .check = nullptr,
                .variable_prefix = variable_prefix};
    if constexpr (!std::is_null_pointer_v<decltype(check)>) {
        table.check = [](const void* owner) -> std::optional<Clash> {
            return check(*static_cast<const Owner*>(owner));
        };
    }
    return table;
}

// The member at the end of a path, as an Object or as a List (a std::vector).
template <auto... path>
constexpr Object object(const Table* table) {
    return {table, [](void* owner) -> void* {
                auto& member = member_at<path...>(owner);
                member = {};
                return &member;
            }};
}
template <auto... path>
constexpr List list(const Table* table, std::size_t min, std::size_t max) {
    return {table, min, max, [](void* owner) { member_at<path...>(owner).clear(); },
            [](void* owner) -> void* { return &member_at<path...>(owner).emplace_back(); }};
}

// The rows of one array and then those of another.
template <std::size_t... size>
constexpr auto join(const std::array<Row, size>&... parts) {
    constexpr auto rows_of = []<std::size_t n>(const std::array<Row, n>& part) {
        return std::apply([](const auto&... row) { return std::tuple{row...}; }, part);
    };
    return std::apply([](const auto&... row) { return std::array{row...}; },
                      std::tuple_cat(rows_of(parts)...));
}

}  // namespace fas
