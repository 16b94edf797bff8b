// Where a setting's value is kept: a member of a plain struct, from which its default comes too.
#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include "base/secret.h"
#include "base/time.h"

namespace fas {

// A value between what was written and the member that keeps it. monostate: absent. A text points
// to where it came from.
using Value = std::variant<std::monostate, bool, std::int64_t, double, std::string_view>;

// Of an owner of the type that the field was made for.
struct Field {
    Value (*get)(const void* owner) = nullptr;
    // The value is of the row's type, or absent. Gives what is wrong with it beyond what the type
    // can say, for a person; empty: nothing, and it is kept.
    std::string (*set)(void* owner, const Value& value) = nullptr;
};

namespace field_detail {

template <class T>
struct OwnerOf;
template <class Struct, class Member>
struct OwnerOf<Member Struct::*> {
    using type = Struct;
};

template <auto first, auto...>
struct PathOwner {
    using type = typename OwnerOf<decltype(first)>::type;
};
template <auto... path>
using Owner = typename PathOwner<path...>::type;

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class T>
inline constexpr bool is_duration = false;
template <class Rep, class Period>
inline constexpr bool is_duration<std::chrono::duration<Rep, Period>> = true;

template <class T>
Value value_of(const T& member) {
    if constexpr (is_optional<T>) {
        return member ? value_of(*member) : Value{};
    } else if constexpr (std::is_same_v<T, bool>) {
        return member;
    } else if constexpr (std::is_floating_point_v<T>) {
        return static_cast<double>(member);
    } else if constexpr (std::is_integral_v<T> || std::is_enum_v<T>) {
        return static_cast<std::int64_t>(member);
    } else if constexpr (is_duration<T>) {
        const double seconds = Seconds(member).count();
        if constexpr (std::is_integral_v<typename T::rep>)
            return static_cast<std::int64_t>(seconds);
        return seconds;
    } else if constexpr (std::is_same_v<T, TimePoint>) {
        return static_cast<std::int64_t>(member.time_since_epoch().count());
    } else if constexpr (std::is_same_v<T, Secret>) {
        return std::string_view{member.reveal()};
    } else if constexpr (std::is_same_v<T, std::string>) {
        return std::string_view{member};
    } else {
        return member.value;  // a Count
    }
}

// A duration or a number may have the bounds of an Integer.
inline double number_in(const Value& value) {
    const auto* integer = std::get_if<std::int64_t>(&value);
    return integer != nullptr ? static_cast<double>(*integer) : std::get<double>(value);
}

template <class T>
void put(T& member, const Value& value) {
    if constexpr (is_optional<T>) {
        put(member.emplace(), value);
    } else if constexpr (std::is_same_v<T, bool>) {
        member = std::get<bool>(value);
    } else if constexpr (std::is_floating_point_v<T>) {
        member = static_cast<T>(number_in(value));
    } else if constexpr (std::is_integral_v<T> || std::is_enum_v<T>) {
        member = static_cast<T>(std::get<std::int64_t>(value));
    } else if constexpr (is_duration<T>) {
        member = std::chrono::duration_cast<T>(Seconds{number_in(value)});
    } else if constexpr (std::is_same_v<T, TimePoint>) {
        member = TimePoint{TimePoint::duration{std::get<std::int64_t>(value)}};
    } else if constexpr (std::is_same_v<T, Secret> || std::is_same_v<T, std::string>) {
        member = T{std::string{std::get<std::string_view>(value)}};
    } else {
        member = T{std::get<std::int64_t>(value)};
    }
}

}  // namespace field_detail

// The member at the end of a path of member pointers, the first of them the owner's.
template <auto... path>
auto& member_at(void* owner) {
    return (*static_cast<field_detail::Owner<path...>*>(owner).*....*path);
}
template <auto... path>
const auto& member_at(const void* owner) {
    return (*static_cast<const field_detail::Owner<path...>*>(owner).*....*path);
}

// Of a bool, a number, a Count, a duration (in seconds), an enum, a TimePoint, a text, a Secret, or
// an optional of these: field<&TargetSettings::rules, &Rules::min_tasks>.
template <auto... path>
inline constexpr Field field{
    .get = [](const void* owner) { return field_detail::value_of(member_at<path...>(owner)); },
    .set = [](void* owner, const Value& value) -> std::string {
        auto& member = member_at<path...>(owner);
        if (std::holds_alternative<std::monostate>(value)) {
            member = {};
        } else {
            field_detail::put(member, value);
        }
        return {};
    }};

// The same of a text that `parse` makes something else of: an optional of it, which is empty where
// *problem says what is wrong with the text. `text_of` gives the text back.
template <auto parse, auto text_of, auto... path>
inline constexpr Field parsed_field{
    .get = [](const void* owner) -> Value { return text_of(member_at<path...>(owner)); },
    .set = [](void* owner, const Value& value) -> std::string {
        auto& member = member_at<path...>(owner);
        member = {};
        if (std::holds_alternative<std::monostate>(value)) return {};
        std::string problem;
        auto parsed = parse(std::get<std::string_view>(value), &problem);
        if (parsed) member = *std::move(parsed);
        return problem;
    }};

}  // namespace fas
