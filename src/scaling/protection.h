// Tasks that protect themselves from a scale-in.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection.html
#pragma once

#include <optional>

#include "base/count.h"
#include "scaling/decision.h"

namespace fas::scaling {

// What came of asking; absent: it could not be read.
struct Protection {
    std::optional<Tasks> tasks;
};

// A scale-in to fewer tasks than are protected from one goes to their number, or is held; one is
// held, too, where nothing is known of them.
Decision apply_protection(Decision recommendation, const Protection& protection);

}  // namespace fas::scaling
