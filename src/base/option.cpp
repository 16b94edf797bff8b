#include "base/option.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace fas {

namespace {

template <class Value>
Value default_of(const Option& option) {
    const auto* value = std::get_if<Value>(&option.default_value);
    assert(value != nullptr);
    return value == nullptr ? Value{} : *value;
}

}  // namespace

const Option* Options::find(std::string_view key) const {
    const auto found = std::ranges::find(table_, key, &Option::key);
    return found == table_.end() ? nullptr : &*found;
}

std::size_t Options::index(std::string_view key) const {
    const auto found = std::ranges::find(table_, key, &Option::key);
    assert(found != table_.end());
    return static_cast<std::size_t>(found - table_.begin());
}

void Options::set(std::string_view key, OptionValue value) {
    values_[index(key)] = std::move(value);
}

void Options::forget(std::string_view key) { values_[index(key)].reset(); }

bool Options::given(std::string_view key) const { return values_[index(key)].has_value(); }

std::int64_t Options::integer(std::string_view key) const {
    const auto& value = values_[index(key)];
    return value ? std::get<std::int64_t>(*value) : default_of<std::int64_t>(table_[index(key)]);
}

double Options::number(std::string_view key) const {
    const auto& value = values_[index(key)];
    return value ? std::get<double>(*value) : default_of<double>(table_[index(key)]);
}

bool Options::flag(std::string_view key) const {
    const auto& value = values_[index(key)];
    return value ? std::get<bool>(*value) : default_of<bool>(table_[index(key)]);
}

std::string Options::text(std::string_view key) const {
    const auto& value = values_[index(key)];
    if (value) return std::get<std::string>(*value);
    const auto* text = std::get_if<std::string_view>(&table_[index(key)].default_value);
    return text == nullptr ? std::string{} : std::string{*text};
}

}  // namespace fas
