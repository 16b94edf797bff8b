// A kind of queue, target or state store as the configuration sees it: a name, and options of its
// own. Each kind's options are a plain struct in the kind's own file, beside the code that uses
// them, and rows over its fields; settings/ reads them by the rows, and hands them over as Options.
#pragma once

#include <memory>
#include <string_view>
#include <utility>

#include "base/row.h"

namespace fas {

struct Kind {
    std::string_view name;  // "sqs"
    Table table;            // of its options
    std::shared_ptr<void> (*copy)(const void* options);
};

// Of the kind whose options are this struct. `check` as in table_of().
template <class Struct, auto check = nullptr>
constexpr Kind kind_of(std::string_view name, std::span<const Row> rows,
                       std::string_view variable_prefix = {}) {
    return {name, table_of<Struct, check>(rows, variable_prefix),
            [](const void* options) -> std::shared_ptr<void> {
                return std::make_shared<Struct>(*static_cast<const Struct*>(options));
            }};
}

// Of a kind that can be told nothing.
struct NoOptions {};

// The options of one kind, whichever it is. A copyable value; copies share what they hold until one
// of them is changed.
class Options {
  public:
    // The kind's defaults. The kind must outlive it: it is a constant of the program.
    explicit Options(const Kind& kind) : kind_(&kind) {}

    const Kind& kind() const { return *kind_; }

    // The kind's own struct.
    template <class Struct>
    const Struct& as() const {
        return *static_cast<const Struct*>(get());
    }

    // The owner that the kind's rows speak of.
    const void* get() const { return changed_ ? changed_.get() : kind_->table.defaults(); }
    void* change();
    // By a key of the kind's. The value is of its row's type.
    void set(std::string_view key, const Value& value);

    // Of the same kind, with the same values by its rows; and some order, for maps.
    bool operator==(const Options& other) const;
    bool operator<(const Options& other) const;

  private:
    const Kind* kind_;
    std::shared_ptr<void> changed_;  // null: all is as by default
};

}  // namespace fas
