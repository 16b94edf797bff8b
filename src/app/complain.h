// What a person at a terminal is told before there is a log, or in its place.
#pragma once

#include <string_view>

namespace fas::app {

// On stderr, one line: "fast-autoscaler: ...", with what a terminal would obey escaped.
void complain(std::string_view message);

}  // namespace fas::app
