// Between which counts a service is scaled.
#pragma once

#include <algorithm>

#include "base/count.h"

namespace fas::simulation {

struct Bounds {
    Tasks min{1};
    Tasks max{1};  // at least min

    Tasks clamp(Tasks tasks) const { return std::clamp(tasks, min, max); }
};

}  // namespace fas::simulation
