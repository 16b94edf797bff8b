// What all of app/ speaks of: the settings, as they are read and checked.
#pragma once

#include "settings/read_settings.h"
#include "settings/settings.h"

namespace fas::app {

using settings::all_refused;
using settings::DiscoverySettings;
using settings::Document;
using settings::FleetSettings;
using settings::Metrics;
using settings::PolicyType;
using settings::Problem;
using settings::problems_of;
using settings::ProcessSettings;
using settings::Purpose;
using settings::QueueSettings;
using settings::ReadSettings;
using settings::RefusedTarget;
using settings::SettingsSources;
using settings::TargetSettings;

}  // namespace fas::app
