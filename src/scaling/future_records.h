// Actions that are recorded in the future, which cannot be: a clock was wrong when they were
// written, or is now. Whatever waits for them would wait until then.
#pragma once

#include <vector>

#include "base/time.h"
#include "scaling/history.h"

namespace fas::scaling {

struct FutureRecord {
    TimePoint recorded;
    TimePoint seen;  // first

    bool operator==(const FutureRecord&) const = default;
};

using FutureRecords = std::vector<FutureRecord>;  // at most one for each direction

// Whether the history has one of which nothing is remembered.
bool has_new_future(const History& history, const FutureRecords& remembered, TimePoint now);

// Dates such actions back to when they were first seen, and remembers when that was. False: the
// history has none.
bool date_back(History& history, FutureRecords& remembered, TimePoint now);

}  // namespace fas::scaling
