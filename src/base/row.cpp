#include "base/row.h"

#include <algorithm>

#include "base/ascii.h"

namespace fas {

const Row* Table::find(std::string_view key) const {
    const auto found = std::ranges::find(rows, key, &Row::key);
    return found == rows.end() ? nullptr : &*found;
}

std::string variable_of(const Table& table, const Row& row) {
    if (!row.variable.empty()) return std::string{row.variable};
    std::string name;
    name.reserve(table.variable_prefix.size() + row.key.size());
    name.append(table.variable_prefix).append(row.key);
    std::ranges::transform(name, name.begin(), to_upper);
    return name;
}

}  // namespace fas
