// The names of an enum's values, said once: for what is read and for what is printed.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

namespace fas {

// A name, and the value that it stands for, or nothing where it stands for itself.
struct Name {
    constexpr Name(const char* its_text) : text(its_text) {}
    template <class Enum>
        requires std::is_enum_v<Enum>
    constexpr Name(std::string_view its_text, Enum its_value)
        : text(its_text), value(static_cast<std::int64_t>(its_value)) {}

    std::string_view text;
    std::optional<std::int64_t> value;
};

// The first of the value's names; empty for one that has none.
template <class Enum>
constexpr std::string_view name_of(Enum value, std::span<const Name> names) {
    for (const Name& name : names) {
        if (name.value == static_cast<std::int64_t>(value)) return name.text;
    }
    return {};
}

}  // namespace fas
