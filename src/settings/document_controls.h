// What a document as a whole says of its controls, however little else of it can be used: whoever
// writes `"pause": "all"` in an emergency is not to be stopped by a misspelt key beside it.
#pragma once

#include "scaling/controls.h"
#include "settings/read_settings.h"
#include "settings/settings.h"

namespace fas::settings {

// Of its top level; what cannot be understood is a pause of everything. None where it is no JSON.
scaling::Controls controls_of(const Document& document);

// In place of those that a discovery has.
void replace_controls(const scaling::Controls& controls, DiscoverySettings& discovery);

// As scaling::with_controls, of every target, and of what is discovered.
void impose(const scaling::Controls& controls, FleetSettings& fleet);

}  // namespace fas::settings
