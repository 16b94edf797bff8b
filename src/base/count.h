// Counts of different things are different types, so that messages are never passed for tasks.
#pragma once

#include <compare>
#include <cstdint>

namespace fas {

template <class Tag>
struct Count {
    std::int64_t value = 0;

    auto operator<=>(const Count&) const = default;
    friend Count operator+(Count a, Count b) { return {a.value + b.value}; }
    friend Count operator-(Count a, Count b) { return {a.value - b.value}; }
};

using Messages = Count<struct MessagesTag>;
using Tasks = Count<struct TasksTag>;

}  // namespace fas
