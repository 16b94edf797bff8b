// What can be checked only when everything has been read: what is missing, and what contradicts
// something else. Each check is silent where a value that it needs was itself not accepted.
#pragma once

#include "settings/draft.h"

namespace fas::settings {

// Which settings must be there.
enum class Required { all, none, discovery };  // discovery: what no service that is found brings

// Adds to the draft's problems, and sets what is computed from several keys.
void check_settings(Draft& draft, Required required);

}  // namespace fas::settings
