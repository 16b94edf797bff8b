#include "base/row.h"

#include <algorithm>

namespace fas {

const Row* Table::find(std::string_view key) const {
    const auto found = std::ranges::find(rows, key, &Row::key);
    return found == rows.end() ? nullptr : &*found;
}

std::string variable_of(const Table& table, const Row& row) {
    if (!row.variable.empty()) return std::string{row.variable};
    std::string name{table.variable_prefix};
    for (const char c : row.key) {
        name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return name;
}

}  // namespace fas
