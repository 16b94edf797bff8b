// Checks as a table for a person at a terminal: a heading once, then a row for each check, with its
// reason beneath when the reason has changed.
#pragma once

#include <cstddef>
#include <string>

#include "engine/check_report.h"

namespace fas::app {

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
