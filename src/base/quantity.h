// Numbers of things in sentences: "1 task", "5 tasks".
#pragma once

#include <concepts>
#include <string>
#include <string_view>

#include "base/count.h"

namespace fas {

std::string quantity(std::integral auto number, std::string_view one, std::string_view many) {
    std::string text = std::to_string(number);
    text += ' ';
    text += number == 1 ? one : many;
    return text;
}

inline std::string quantity(Tasks tasks) { return quantity(tasks.value, "task", "tasks"); }
inline std::string quantity(Messages messages) {
    return quantity(messages.value, "message", "messages");
}

template <class Tag>
std::string_view is_or_are(Count<Tag> number) {
    return number.value == 1 ? "is" : "are";
}

// Of a verb that is as regular as "need": what follows it after one thing.
template <class Tag>
std::string_view verb_ending(Count<Tag> number) {
    return number.value == 1 ? "s" : "";
}

}  // namespace fas
