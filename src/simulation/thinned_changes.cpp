#include "simulation/thinned_changes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "simulation/figures.h"

namespace fas::simulation {

namespace {

constexpr std::size_t reason_max = 200;

std::int64_t size_of(const Change& change) { return std::abs((change.to - change.from).value); }

// Cut between two characters of UTF-8, not within one.
std::string_view beginning(std::string_view text) {
    std::size_t end = reason_max;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
    return text.substr(0, end);
}

}  // namespace

std::vector<ChangeGroup> thinned(const std::vector<Change>& changes, Seconds near) {
    std::vector<ChangeGroup> groups;
    for (const Change& change : changes) {
        if (groups.empty() || change.at > groups.back().first + near) {
            groups.push_back({.first = change.at, .largest = &change});
        }
        ChangeGroup& group = groups.back();
        group.last = change.at;
        ++group.count;
        if (size_of(change) > size_of(*group.largest)) group.largest = &change;
    }
    return groups;
}

std::vector<const Change*> largest_of(const std::vector<Change>& changes, std::size_t most) {
    std::vector<const Change*> largest;
    largest.reserve(changes.size());
    for (const Change& change : changes) largest.push_back(&change);
    // Of those of one size, the first.
    std::ranges::sort(largest, [](const Change* one, const Change* other) {
        return std::pair{size_of(*other), one} < std::pair{size_of(*one), other};
    });
    largest.resize(std::min(largest.size(), most));
    std::ranges::sort(largest);
    return largest;
}

std::string change_text(const Change& change) {
    const bool all = change.reason.size() <= reason_max;
    return fmt::format("{} -> {}: {}{}", change.from.value, change.to.value,
                       all ? std::string_view{change.reason} : beginning(change.reason),
                       all ? "" : " ...");
}

std::string quantity_of_changes(std::size_t number) {
    return number == 1 ? "1 change" : count_text(static_cast<double>(number)) + " changes";
}

}  // namespace fas::simulation
