// The process's environment as a function, so that what depends on it can be tested without
// changing it. A variable set to empty text counts as unset, as the AWS SDKs have it.
#pragma once

#include <functional>
#include <optional>
#include <string>

namespace fas {

using Environment = std::function<std::optional<std::string>(const char* name)>;

Environment process_environment();

}  // namespace fas
