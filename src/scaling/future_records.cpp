#include "scaling/future_records.h"

#include <algorithm>
#include <utility>

namespace fas::scaling {

namespace {

TimePoint first_seen(const FutureRecords& remembered, TimePoint recorded, TimePoint now) {
    const auto known = std::ranges::find(remembered, recorded, &FutureRecord::recorded);
    return known == remembered.end() ? now : std::min(known->seen, now);
}

}  // namespace

bool date_back(History& history, FutureRecords& remembered, TimePoint now) {
    FutureRecords present;
    for (LastAction* last : {&history.scale_out, &history.scale_in}) {
        auto* action = std::get_if<ScalingAction>(last);
        if (action == nullptr || action->at - now <= clock_difference_max) continue;
        present.push_back({action->at, first_seen(remembered, action->at, now)});
        action->at = present.back().seen;
    }
    remembered = std::move(present);
    return !remembered.empty();
}

}  // namespace fas::scaling
