#include "app/complain.h"

#include <fmt/format.h>

#include <cstdio>

#include "base/control_characters.h"

namespace fas::app {

void complain(std::string_view message) {
    fmt::print(stderr, "fast-autoscaler: {}\n", escaped(message));
}

}  // namespace fas::app
