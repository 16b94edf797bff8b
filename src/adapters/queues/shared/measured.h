// Numbers that a server measured, as counts of messages.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/count.h"
#include "base/result.h"
#include "base/row.h"
#include "scaling/observation.h"

namespace fas::adapters {

// Rounded up, since a part of a message is work as well. Errors: invalid "NotACount" for what is
// negative, not finite or beyond 2^53; `what` names it: "the query's value".
Result<Messages> count_of(double number, std::string_view what);

// Of a kind that knows only what waits. Unknown work in hand lets no service be scaled in.
template <auto... path>
inline constexpr Row include_in_flight_row{
    "include_in_flight", Flag{}, field<path...>,
    "false: nothing is to be counted as in work beside this number, so that a service may be "
    "scaled "
    "in by it. Otherwise what is in work is unknown, and holds off a scale-in wherever it counts.",
    Tag::yes};

// The same depth, in which nothing is in flight where that is not to be counted.
scaling::QueueDepth with_in_flight(scaling::QueueDepth depth, bool include_in_flight);

// "90 s", "25 min", "3 h": an age for a person.
std::string age_text(double seconds);

}  // namespace fas::adapters
