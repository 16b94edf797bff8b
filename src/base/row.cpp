#include "base/row.h"

#include <algorithm>

#include "base/ascii.h"

namespace fas {

const Row* Table::find(std::string_view key) const {
    const auto found = std::ranges::find(rows, key, &Row::key);
    return found == rows.end() ? nullptr : &*found;
}

std::string variable_of(const Table& table, const Row& row) {
    std::string name;
    write_variable(table, row, name);
    return name;
}

void write_variable(const Table& table, const Row& row, std::string& name) {
    name = row.variable;
    if (!name.empty()) return;
    name.append(table.variable_prefix).append(row.key);
    for (char& c : name) c = to_upper(c);
}

}  // namespace fas
