// The setting `schedule`: [{"start": "0 8 * * MON-FRI", "end": "0 18 * * MON-FRI", "timezone":
// "Europe/Berlin", "min_tasks": 20, "max_tasks": 200}].
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time_zone.h"
#include "json/reader.h"
#include "scaling/schedule.h"

namespace fas::app {

// How a zone's data are had by its name: from the system's files, outside of tests.
using LoadTimeZone = Result<std::shared_ptr<const TimeZone>> (*)(std::string_view name);
Result<std::shared_ptr<const TimeZone>> time_zone_of_system(std::string_view name);

// Nothing when something is wrong with it, and what, with its place: "schedule[1].timezone: no data
// of time zone ...". Reads a file for each zone that is named.
std::optional<scaling::Schedule> read_schedule(const json::Value& value, std::string* problem,
                                               LoadTimeZone load = time_zone_of_system);

}  // namespace fas::app
