// Many targets on one screen, for a person: a line each, what needs a look first.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "engine/check_report.h"

namespace fas::app {

class FleetTable {
  public:
    // Of the terminal, in characters.
    FleetTable(std::size_t width, std::size_t height) : width_(width), height_(height) {}

    void note(const engine::CheckReport& report);

    // The targets are others: those that `is_one` says, so many.
    void keep_only(const std::function<bool(const std::string&)>& is_one, std::size_t count);

    // The whole table, as the targets were last seen: what failed, what is at work, what is at
    // rest. What there is no room for is counted.
    std::string frame(TimePoint now) const;

  private:
    struct Row {
        engine::CheckReport last;
        std::optional<TimePoint> changed_at;
        std::string change;  // "2 -> 6"
    };

    using Entry = std::map<std::string, Row>::value_type;

    std::vector<const Entry*> most_urgent(std::size_t count, TimePoint now) const;
    static int urgency(const Row& row, TimePoint now);
    std::string line(const Entry& entry, std::size_t name_width, TimePoint now) const;
    std::string summary(TimePoint now) const;

    std::size_t width_;
    std::size_t height_;
    std::map<std::string, Row> rows_;  // by target
    std::size_t targets_ = 0;          // that there are; some may not have been seen yet
};

}  // namespace fas::app
