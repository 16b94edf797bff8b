// Bounds by the time of day: the fewest and the most tasks, from when a cron expression comes due.
// They hold whatever the policy is; with `policy: schedule` they are all there is.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time_zone.h"
#include "scaling/cron.h"
#include "scaling/policy.h"
#include "scaling/rules.h"

namespace fas::scaling {

struct ScheduleEntry {
    Cron start;
    std::optional<Cron> end;               // absent: it holds until another one starts
    std::string timezone = "UTC";          // the zone's name
    std::shared_ptr<const TimeZone> zone = std::make_shared<const TimeZone>();  // never null
    std::optional<Tasks> min_tasks;        // one of the two is given
    std::optional<Tasks> max_tasks;

    bool operator==(const ScheduleEntry& other) const;
};

using Schedule = std::vector<ScheduleEntry>;

inline constexpr std::size_t schedule_entries_max = 50;

// When the expression last came due. A time that is left out when clocks are set forward comes at
// the moment they are, as with Vixie's cron; one that comes twice when they are set back, the first
// time only.
std::optional<SysSeconds> last_due(const Cron& cron, const TimeZone& zone, TimePoint now);

// The rules with the bounds that are in force now: of the entries that have started and not ended,
// the one that started last (of several at one moment, the last in the list), for each bound by
// itself. Where none gives a bound, the configured one stands. A min_tasks above max_tasks gives
// way to it. A service that the schedule, or the configured min_tasks, may take to 0 was not
// stopped by a person when it is there.
Rules with_schedule(Rules rules, const Schedule& schedule, TimePoint now);

// Keeps what is there; the bounds do the rest. It needs no queue.
class SchedulePolicy final : public Policy {
  public:
    Proposal propose(const Demand& demand, const ServiceState& service) const override;
    bool needs_queue() const override { return false; }
};

}  // namespace fas::scaling
