#include "app/complain.h"

#include <fmt/format.h>
#include <unistd.h>

#include "base/control_characters.h"
#include "base/output.h"

namespace fas::app {

void complain(std::string_view message) {
    write_to(STDERR_FILENO, fmt::format("fast-autoscaler: {}\n", escaped(message)));
}

}  // namespace fas::app
