#include "base/duration.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/parse_number.h"

namespace fas {

namespace {

struct Unit {
    std::string_view name;
    double seconds;
};

constexpr std::array units{Unit{"ms", 0.001}, Unit{"s", 1},    Unit{"m", 60},
                           Unit{"min", 60},   Unit{"h", 3600}, Unit{"d", 86'400}};

}  // namespace

std::optional<Seconds> parse_duration(std::string_view text) {
    const std::size_t length = std::min(text.find_first_not_of("0123456789."), text.size());
    const auto* const unit = std::ranges::find(units, text.substr(length), &Unit::name);
    const auto number = parse_number<double>(text.substr(0, length));
    if (unit == units.end() || !number || !std::isfinite(*number) || *number <= 0) {
        return std::nullopt;
    }
    return Seconds{*number * unit->seconds};
}

}  // namespace fas
