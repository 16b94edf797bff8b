#include "base/kind.h"

#include <algorithm>

namespace fas {

void* Options::change() {
    if (changed_.use_count() != 1) changed_ = kind_->copy(get());
    return changed_.get();
}

void Options::set(std::string_view key, const Value& value) {
    kind_->table.find(key)->field.set(change(), value);
}

bool Options::operator==(const Options& other) const {
    if (kind_ != other.kind_) return false;
    return get() == other.get() || std::ranges::all_of(kind_->table.rows, [&](const Row& row) {
               return row.field.get(get()) == row.field.get(other.get());
           });
}

bool Options::operator<(const Options& other) const {
    if (kind_ != other.kind_) return kind_ < other.kind_;
    if (get() == other.get()) return false;
    for (const Row& row : kind_->table.rows) {
        const Value one = row.field.get(get());
        const Value two = row.field.get(other.get());
        if (one != two) return one < two;
    }
    return false;
}

}  // namespace fas
