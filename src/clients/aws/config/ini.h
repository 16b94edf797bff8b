// Parses the text of a shared AWS file. Pure; which sections mean what is shared_config.h's matter.
// https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.h"
#include "clients/aws/config/shared_config.h"

namespace fas::clients {

constexpr std::size_t ini_bytes_max = std::size_t{1} << 20U;

// The sections by what stands in their brackets, white space around it cut: "default",
// "profile dev". One that comes twice is merged, later keys win. Keys are in lower case; values
// have the white space around them cut, and what follows white space and a # or ;. Between them
// stands the first = or : of the line. A line that is indented further than the key above it
// belongs to that: to its value, or, where that is empty, to its block; so a whole section may be
// indented. Errors: invalid "BadConfigFile", "line 7: it is neither ...", which never repeats the
// line.
Result<std::map<std::string, ConfigSection, std::less<>>> parse_ini(std::string_view text);

}  // namespace fas::clients
