// Many targets on one screen, for a person: a line each, what needs a look first.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>

#include "base/time.h"
#include "engine/check_report.h"

namespace fas::app {

class FleetTable {
  public:
    // Of the terminal, in characters.
    FleetTable(std::size_t width, std::size_t height) : width_(width), height_(height) {}

    void note(const engine::CheckReport& report);
    void forget_all() { rows_.clear(); }  // when the targets are others

    // The whole table, as the targets were last seen. What is at rest is counted where there is no
    // room for it.
    std::string frame(TimePoint now) const;

  private:
    struct Row {
        engine::CheckReport last;
        std::optional<TimePoint> changed_at;
        std::string change;  // "scale out 2 -> 6"
    };

    bool at_rest(const Row& row, TimePoint now) const;
    std::string line(const std::string& name, const Row& row, TimePoint now) const;
    std::string summary(TimePoint now) const;

    std::size_t width_;
    std::size_t height_;
    std::map<std::string, Row> rows_;  // by target
};

}  // namespace fas::app
