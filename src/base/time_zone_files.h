// Where the system keeps its time zones: a file for each, by name.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time_zone.h"

namespace fas {

inline constexpr std::string_view time_zone_folder = "/usr/share/zoneinfo";

// The zone of that name ("Europe/Berlin"). UTC needs no file. Reads a file of a few kilobytes and
// waits for it, so it is for a start. An error says whether the system has no data of zones at all,
// or none of this one.
Result<std::shared_ptr<const TimeZone>> load_time_zone(std::string_view name,
                                                       std::string_view folder = time_zone_folder);

}  // namespace fas
