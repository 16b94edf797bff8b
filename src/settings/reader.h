// The one reader: values, and objects of them, by the rows of tables. Files, events, the
// environment, tags, structures such as `step` and the questions of `decide` all go through it.
#pragma once

#include <bitset>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/kind.h"
#include "json/reader.h"
#include "settings/given.h"
#include "settings/problem.h"

namespace fas::settings {

using ReadVariable = std::function<std::optional<std::string>(const char* name)>;

// Where the values of one table's rows stood, by the rows' order. A copyable value.
struct Notes {
    static constexpr std::size_t rows_max = 64;
    std::bitset<rows_max> given;
    std::bitset<rows_max> wrong;  // some value was not accepted
    std::vector<Place> places;    // of those given; empty: none was
};

// A struct while it is read, with the table of its rows.
struct Section {
    const Table* table;
    void* owner = nullptr;
    Options* options = nullptr;  // in place of the owner: those of a kind
    Notes* notes = nullptr;
    std::string prefix = {};      // of its keys in problems: "queue_config."
    std::span<Notes> kinds = {};  // of the options of its KindNames, in their order

    void* change() const { return options == nullptr ? owner : options->change(); }
    const void* get() const { return options == nullptr ? owner : options->get(); }
    std::string key_of(const Row& row) const { return prefix + std::string{row.key}; }

    bool given(const Row& row) const { return notes->given[table->index(row)]; }
    bool wrong(const Row& row) const { return notes->wrong[table->index(row)]; }
    std::string place(const Row& row) const;  // "default" for what was not given
    void note(const Row& row, Place place) const;
    void forget(const Row& row) const;  // as if it had not been given
};

// A KindName of a section's: "queue_type", and the options beside it in "queue_config".
struct Part {
    const Row* row;
    const KindName* name;
    Options* options;
    Notes* notes;

    bool is_default() const { return &options->kind() == name->kinds.front(); }
    Section section() const;  // of the kind's options
};
std::vector<Part> parts_of(const Section& section);

// Where problems go, and what a kind's own variables are read from; null: from nothing.
struct Context {
    std::vector<Problem>* problems;
    const ReadVariable* environment = nullptr;

    void refuse(const Section& section, const Row& row, Problem problem) const;
};

// Whose object it is, which says how its values are to be taken.
enum class Origin {
    file,
    event,     // as the original read it: text may stand for a number or a boolean, and null and
               // empty text for nothing
    question,  // null stands for nothing
};

struct Layer {
    Place where;
    Origin origin = Origin::file;
    std::span<const std::string_view> passed_over = {};  // members that are not read
};

bool stands_for_nothing(const json::Value& value, const Layer& layer);

// Sets it, and notes its place; or adds a problem.
void set(const Section& section, const Row& row, const Given& given, const Context& context);

// Sets what the members of an object say, kinds first. Gives the members that have no row in these
// sections; they point into the document.
std::vector<json::Member> read_members(const json::Value& object, std::span<const Section> sections,
                                       const Layer& layer, const Context& context);

// Where it is not the present kind: with the options that the environment gives it, and no others.
void choose(const Part& part, const Kind& kind, const Context& context);

// The section's settings that the environment gives, but not its kinds.
void set_from_environment(const Section& section, const Context& context);

// Of a structure's rows, and of what is wrong across them.
void check_members(const Section& section, const Layer& layer, const Context& context);

// A problem with a member that has no row of its own.
Problem not_accepted(std::string_view key, const json::Value& value, const Layer& layer,
                     std::string must_be);

void refuse_repeated_keys(const json::Value& object, std::string_view prefix, const Layer& layer,
                          const Context& context);

}  // namespace fas::settings
