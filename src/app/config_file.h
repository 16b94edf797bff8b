// The configuration file, read from disk.
#pragma once

#include <optional>
#include <string>

#include "app/read_settings.h"
#include "base/environment.h"
#include "base/result.h"

namespace fas::app {

// The file named by `path` (--config), else by FAST_AUTOSCALER_CONFIG, else none.
// Errors: invalid, when it cannot be read or is over 1 MiB.
Result<std::optional<Document>> read_config_file(const std::optional<std::string>& path,
                                                 const Environment& environment);

}  // namespace fas::app
