// A token that something beside the program writes into a file and replaces from time to time.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"

namespace fas::clients {

// The whole file, as it is. `what` is for messages: "web identity token". Errors: denied
// "BadTokenFile" when it is not there, no plain file, not readable, empty or larger than 64 KiB.
Result<Secret> read_token_file(const std::string& path, std::string_view what);

}  // namespace fas::clients
