// `settings`: what can be configured, listed or explained.
#pragma once

#include <string_view>

#include "app/exit_status.h"

namespace fas::app {

// Of an empty name all are listed, of a kind's or a structure's those; of a setting's, be it the
// key, its path or its variable, it is explained. With `json`, a line for each. An unknown name is
// told on stderr, with the nearest that there is.
ExitStatus print_settings(std::string_view name, bool json);

}  // namespace fas::app
