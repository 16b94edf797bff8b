#include "simulation/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <string_view>
#include <vector>

#include "base/control_characters.h"
#include "base/wrap.h"
#include "simulation/columns.h"
#include "simulation/headline.h"
#include "simulation/parameters.h"

namespace fas::simulation {

namespace {

constexpr std::size_t table_columns = 100;
constexpr std::size_t table_indent = 2;
constexpr std::string_view apart = "not judged";

std::size_t name_width(const Comparison& comparison, std::string_view heading) {
    std::size_t widest = std::max(heading.size(), table_indent + apart.size());
    for (const Contestant& one : comparison.contestants) {
        widest = std::max(widest, table_indent + escaped(one.name).size());
    }
    return widest;
}

// Rows of contestants below a heading; of those alone that are judged, or that are not.
class Block {
  public:
    Block(const Comparison& comparison, std::string_view heading, std::vector<Column> columns)
        : comparison_(comparison),
          heading_(heading),
          name_width_(name_width(comparison, heading)),
          columns_(std::move(columns)) {
        for (const Column& column : columns_) {
            std::size_t width = column.heading.size();
            for (const Contestant& one : comparison.contestants) {
                width = std::max(width, column.text_of(one).size());
            }
            widths_.push_back(width);
        }
    }

    std::string text() const {
        std::string text = line(heading_, &Column::heading);
        for (const Contestant& one : comparison_.contestants) {
            if (one.judged) text += row(one);
        }
        if (std::ranges::all_of(comparison_.contestants, &Contestant::judged)) return text;
        text += fmt::format("  {}\n", apart);
        for (const Contestant& one : comparison_.contestants) {
            if (!one.judged) text += row(one);
        }
        return text;
    }

  private:
    std::string line(std::string_view name,
                     const std::function<std::string(const Column&)>& cell) const {
        std::string text = fmt::format("{:<{}}", name, name_width_);
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            text += fmt::format("  {:>{}}", cell(columns_[i]), widths_[i]);
        }
        return text + '\n';
    }

    std::string row(const Contestant& one) const {
        return line(std::string(table_indent, ' ') + escaped(one.name),
                    [&one](const Column& column) { return column.text_of(one); });
    }

    const Comparison& comparison_;
    std::string_view heading_;
    std::size_t name_width_;
    std::vector<Column> columns_;
    std::vector<std::size_t> widths_;
};

std::string notes(const Comparison& comparison) {
    std::string text;
    for (const std::string& note : comparison.notes) {
        text += wrapped(escaped("note: " + note), 0, table_columns);
    }
    for (const Contestant& one : comparison.contestants) {
        if (one.follows.empty() && one.note.empty()) continue;
        const std::string_view note = one.note.empty() ? "as in" : std::string_view{one.note};
        text += wrapped(escaped(fmt::format("{}: {}", one.name, note)), 0, table_columns);
        // Not wrapped: an address in two parts is none.
        if (!one.follows.empty()) text += fmt::format("  {}\n", escaped(one.follows));
    }
    return text.empty() ? text : '\n' + text;
}

std::string world_sentences(const Comparison& comparison) {
    std::string text;
    for (const Parameter& one : parameters_of(comparison)) {
        text += (text.empty() ? "" : "; ") +
                (one.name == "messages" ? one.value : one.name + ": " + one.value);
    }
    return wrapped(escaped(text), 0, table_columns);
}

}  // namespace

std::string comparison_table(const Comparison& comparison) {
    const auto [own, peers] = headline_of(comparison);
    const std::string headline = peers.empty() ? own : own + "; " + peers;
    return wrapped(escaped(headline), 0, table_columns) + '\n' + world_sentences(comparison) +
           '\n' + Block{comparison, "how long messages waited", wait_columns(comparison)}.text() +
           '\n' + Block{comparison, "what it took", cost_columns(comparison)}.text() +
           notes(comparison);
}

}  // namespace fas::simulation
