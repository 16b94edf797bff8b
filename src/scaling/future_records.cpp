#include "scaling/future_records.h"

#include <algorithm>
#include <array>
#include <utility>

namespace fas::scaling {

namespace {

TimePoint first_seen(const FutureRecords& remembered, TimePoint recorded, TimePoint now) {
    const auto known = std::ranges::find(remembered, recorded, &FutureRecord::recorded);
    return known == remembered.end() ? now : std::min(known->seen, now);
}

bool is_future(const ScalingAction& action, TimePoint now) {
    return action.at - now > clock_difference_max;
}

}  // namespace

bool has_new_future(const History& history, const FutureRecords& remembered, TimePoint now) {
    return std::ranges::any_of(
        std::array{&history.scale_out, &history.scale_in}, [&](const LastAction* last) {
            const auto* action = std::get_if<ScalingAction>(last);
            return action != nullptr && is_future(*action, now) &&
                   std::ranges::find(remembered, action->at, &FutureRecord::recorded) ==
                       remembered.end();
        });
}

bool date_back(History& history, FutureRecords& remembered, TimePoint now) {
    FutureRecords present;
    for (LastAction* last : {&history.scale_out, &history.scale_in}) {
        auto* action = std::get_if<ScalingAction>(last);
        if (action == nullptr || !is_future(*action, now)) continue;
        present.push_back({action->at, first_seen(remembered, action->at, now)});
        action->at = present.back().seen;
    }
    remembered = std::move(present);
    return !remembered.empty();
}

}  // namespace fas::scaling
