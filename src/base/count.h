// Counts of different things are different types, so that messages are never passed for tasks.
#pragma once

#include <compare>
#include <cstdint>
#include <limits>

namespace fas {

// Sums and differences end at the greatest and the least there is: foreign numbers are added, and
// one that wrapped around would make the fullest queue an empty one.
template <class Tag>
struct Count {
    std::int64_t value = 0;

    auto operator<=>(const Count&) const = default;

    friend Count operator+(Count a, Count b) {
        Count sum;
        return __builtin_add_overflow(a.value, b.value, &sum.value) ? end(b.value > 0) : sum;
    }
    friend Count operator-(Count a, Count b) {
        Count difference;
        const bool over = __builtin_sub_overflow(a.value, b.value, &difference.value);
        return over ? end(b.value < 0) : difference;
    }
    Count& operator+=(Count other) { return *this = *this + other; }

  private:
    static Count end(bool upper) {
        using Limits = std::numeric_limits<std::int64_t>;
        return {upper ? Limits::max() : Limits::min()};
    }
};

using Messages = Count<struct MessagesTag>;
using Tasks = Count<struct TasksTag>;

}  // namespace fas
