// Reads the configuration from its three places. Later ones win, key by key:
// defaults < JSON file < environment < Lambda event (its "config" object).
// Each of a list of targets begins with all that, and a nearer place wins again: what its groups
// say, from the outer to the inner one, and then what it says itself.
// The region has one more place, behind those three: the profile of the shared AWS files.
//
// Every setting is a row (base/row.h) of tables.h, or of a kind's own file: all goes by the rows.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "json/reader.h"
#include "settings/problem.h"
#include "settings/settings.h"

namespace fas::settings {

// Which settings must be there.
enum class Purpose {
    check,     // everything that a check of a service needs
    decision,  // only the policy's: `decide` makes no request
};

// A file of a hundred thousand targets is half as large.
inline constexpr std::size_t document_bytes_max = std::size_t{64} << 20U;

// An event may carry much that is not ours. Lambda's own limit for one is 6 MB.
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
inline constexpr json::Limits event_limits{.bytes_max = 6UL * 1024 * 1024, .depth_max = 256};

struct Document {
    std::string name;  // "file autoscaler.json", "event"
    std::string text;  // JSON
};

struct SettingsSources {
    std::function<std::optional<std::string>(const char* name)> environment;  // empty text: unset
    std::optional<Document> file;
    std::optional<Document> event;
    // The region of a profile of the shared AWS files; an empty name is the default one's. Not
    // asked when the function is empty, or for a decision.
    std::function<Result<std::optional<std::string>>(const std::string& profile)> profile_region;
};

// All problems are found at once. A target of a list, a group or a discovery that has one is
// refused alone; with any other problem there are no settings.
using ReadSettings = std::variant<FleetSettings, std::vector<Problem>>;

// Those of targets too.
std::vector<Problem> problems_of(const ReadSettings& read);

// Whether the settings have nothing but targets that were refused.
bool all_refused(const ReadSettings& read);

ReadSettings read_settings(const SettingsSources& sources, Purpose purpose);

}  // namespace fas::settings
