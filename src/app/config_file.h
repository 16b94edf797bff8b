// The configuration file, read from disk.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "app/read_settings.h"
#include "base/environment.h"
#include "base/result.h"

namespace fas::app {

// A hundred thousand targets, each with all its settings, are about 50 MiB.
inline constexpr std::size_t config_file_bytes_max = std::size_t{64} << 20U;

// The file named by `path` (--config), else by FAST_AUTOSCALER_CONFIG, else none.
// Errors: invalid, when it cannot be read or is over 64 MiB.
Result<std::optional<Document>> read_config_file(const std::optional<std::string>& path,
                                                 const Environment& environment);

}  // namespace fas::app
