// From a service that was found by its tags to the settings of a target.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "clients/aws/control_tag.h"
#include "settings/read_settings.h"
#include "settings/settings.h"

namespace fas::settings {

// Whether the service is to be in the fleet: its tag `enabled` says true.
bool is_enabled(std::span<const clients::ControlTag> tags);

// A tag's key is a setting's, written as in the file, but for the queue's, `queue_url`; its value
// is read like an environment variable's. `pause` and `hold_at` are not: each check reads those
// (scaling/controls.h). No problems and no settings, which is an empty list: it is not enabled.
// Tags may not say what service it is or which role is assumed, nor ask for more tasks than
// max_tasks_by_tag: `bounded` is called with the setting that did, and was brought down to that.
std::variant<TargetSettings, std::vector<Problem>> settings_of_discovered(
    const DiscoverySettings& discovery, const std::string& cluster_arn_or_name,
    const std::string& service, std::span<const clients::ControlTag> tags,
    const std::function<void(std::string_view key, Tasks most)>& bounded = {});

}  // namespace fas::settings
