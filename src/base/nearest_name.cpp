#include "base/nearest_name.h"

#include <algorithm>
#include <vector>

namespace fas {

namespace {

// Optimal string alignment: edits are insert, delete, replace, and swap of two neighbours.
std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::vector<std::size_t>> edits(a.size() + 1,
                                                std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) edits[i][0] = i;
    for (std::size_t j = 0; j <= b.size(); ++j) edits[0][j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = edits[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            edits[i][j] = std::min({edits[i - 1][j] + 1, edits[i][j - 1] + 1, replaced});
            const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped) edits[i][j] = std::min(edits[i][j], edits[i - 2][j - 2] + 1);
        }
    }
    return edits[a.size()][b.size()];
}

}  // namespace

std::optional<std::string_view> nearest_name(std::string_view given,
                                             std::span<const std::string_view> known) {
    constexpr std::size_t edits_max = 3;
    constexpr std::size_t given_max = 64;  // longer text is no misspelt name
    if (given.size() > given_max) return std::nullopt;
    std::optional<std::string_view> nearest;
    std::size_t fewest = edits_max + 1;
    for (const std::string_view name : known) {
        const std::size_t edits = edit_distance(given, name);
        if (edits < fewest && edits * 2 < name.size()) {
            nearest = name;
            fewest = edits;
        }
    }
    return nearest;
}

}  // namespace fas
