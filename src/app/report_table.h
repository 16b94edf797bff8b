// Checks as a table for a person at a terminal: a heading once, then a row for each check, with its
// reason beneath when the reason has changed.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/count.h"
#include "engine/check_report.h"

namespace fas::app {

// A count in a column; "?" where it is not known.
template <class Tag>
std::string table_text(const std::optional<Count<Tag>>& count) {
    return count ? std::to_string(count->value) : "?";
}

class ReportTable {
  public:
    // `width`: the terminal's columns. Reasons are wrapped to it.
    explicit ReportTable(std::size_t width) : width_(width) {}

    // The text for one more check, with newlines; the heading comes with the first.
    std::string row(const engine::CheckReport& report);

  private:
    std::size_t width_;
    bool heading_written_ = false;
    std::string last_reason_;
};

}  // namespace fas::app
