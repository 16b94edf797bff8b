// `validate`: says whether the configuration is usable, and everything that is wrong with it.
#pragma once

#include <variant>
#include <vector>

#include "app/exit_status.h"
#include "app/settings.h"

namespace fas::app {

ExitStatus report_validation(const ReadSettings& read, bool json);

// On stderr, a line each, for a person.
void print_problems(const std::vector<Problem>& problems);

}  // namespace fas::app
