// The settings that one kind of queue, target or store has of its own. Each kind describes them in
// its file, beside the code that uses them; app/ reads them from the configuration, tells what is
// wrong with them, and hands them over as Options.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace fas {

struct IntegerType {
    std::int64_t min = 0;
    std::int64_t max = 0;
};

struct NumberType {
    double min = 0;
    double max = 0;
    bool above_min = false;  // min itself is not accepted
    bool below_max = false;  // max itself is not accepted
};

struct BooleanType {};

struct ChoiceType {
    std::span<const std::string_view> names;
    bool any_case = false;
};

struct TextType {
    std::string_view accepted;                       // for a person
    std::string_view pattern;                        // for the schema; ECMAScript
    bool (*valid)(std::string_view text) = nullptr;  // the same as the pattern, without its engine
};

using OptionType = std::variant<IntegerType, NumberType, BooleanType, ChoiceType, TextType>;

// Of an IntegerType, NumberType, BooleanType, and the other two.
using OptionValue = std::variant<std::int64_t, double, bool, std::string>;
// monostate: there is none, and what is not given is absent.
using OptionDefault = std::variant<std::monostate, std::int64_t, double, bool, std::string_view>;

struct Option {
    std::string_view key;          // as in the configuration's file: "queue_name"
    const char* variable;          // of the environment: "RABBITMQ_QUEUE"
    std::string_view description;  // for the schema and the documents
    OptionType type;
    OptionDefault default_value{};
    bool required = false;
    bool secret = false;  // never shown
    bool by_tag = false;  // a discovered service's tag may give it: it names the queue, and can
                          // lead neither keys nor passwords to another place
};

// What was given for a table of options; the defaults for the rest. A copyable value.
class Options {
  public:
    Options() = default;
    // The table must outlive it: it is a constant of the program.
    explicit Options(std::span<const Option> table) : table_(table), values_(table.size()) {}

    std::span<const Option> table() const { return table_; }

    // Null for a key that is not in the table.
    const Option* find(std::string_view key) const;

    // The key must be in the table, and the value of its type. Whoever sets has checked it.
    void set(std::string_view key, OptionValue value);
    void forget(std::string_view key);
    bool given(std::string_view key) const;

    // The value, or else the default. The key must be in the table and have one of the two, but for
    // a text, which is empty without.
    std::int64_t integer(std::string_view key) const;
    double number(std::string_view key) const;
    bool flag(std::string_view key) const;
    std::string text(std::string_view key) const;

    bool operator==(const Options& other) const {
        return table_.data() == other.table_.data() && values_ == other.values_;
    }
    // Some order, for maps.
    bool operator<(const Options& other) const {
        if (table_.data() != other.table_.data()) return table_.data() < other.table_.data();
        return values_ < other.values_;
    }

  private:
    std::size_t index(std::string_view key) const;

    std::span<const Option> table_;
    std::vector<std::optional<OptionValue>> values_;
};

// What is wrong with options each of which is right by itself.
struct OptionProblem {
    std::string_view key;  // the one to change
    std::string message;   // for a person: what is wrong, and what to do
};

}  // namespace fas
