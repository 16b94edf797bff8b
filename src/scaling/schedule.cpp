#include "scaling/schedule.h"

#include <algorithm>

namespace fas::scaling {

namespace {

// When the entry started, if it is in force.
std::optional<SysSeconds> in_force_since(const ScheduleEntry& entry, TimePoint now) {
    const auto started = last_due(entry.start, *entry.zone, now);
    if (!started || !entry.end) return started;
    const auto ended = last_due(*entry.end, *entry.zone, now);
    return ended && *ended >= *started ? std::nullopt : started;
}

// A bound, and since when.
struct Latest {
    std::optional<SysSeconds> since;
    std::optional<Tasks> tasks;

    void consider(std::optional<Tasks> bound, SysSeconds from) {
        if (!bound || (since && *since > from)) return;
        since = from;
        tasks = bound;
    }
};

bool may_reach_zero(const Rules& rules, const Schedule& schedule) {
    return rules.min_tasks == Tasks{0} || std::ranges::any_of(schedule, [](const auto& entry) {
               return entry.min_tasks == Tasks{0} || entry.max_tasks == Tasks{0};
           });
}

}  // namespace

bool ScheduleEntry::operator==(const ScheduleEntry& other) const {
    return start == other.start && end == other.end && timezone == other.timezone &&
           min_tasks == other.min_tasks && max_tasks == other.max_tasks;
}

std::optional<SysSeconds> last_due(const Cron& cron, const TimeZone& zone, TimePoint now) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
    const auto local = cron.last_until(zone.furthest_at(seconds));
    if (!local) return std::nullopt;
    return zone.first_at(*local);
}

Rules with_schedule(Rules rules, const Schedule& schedule, TimePoint now) {
    if (schedule.empty()) return rules;
    if (may_reach_zero(rules, schedule)) rules.respect_operator_stop = false;
    Latest min_tasks;
    Latest max_tasks;
    for (const ScheduleEntry& entry : schedule) {
        const auto since = in_force_since(entry, now);
        if (!since) continue;
        min_tasks.consider(entry.min_tasks, *since);
        max_tasks.consider(entry.max_tasks, *since);
    }
    rules.max_tasks = max_tasks.tasks.value_or(rules.max_tasks);
    rules.min_tasks = std::min(min_tasks.tasks.value_or(rules.min_tasks), rules.max_tasks);
    return rules;
}

Proposal SchedulePolicy::propose(const Demand&, const ServiceState& service) const {
    return {service.desired, {}, "the bounds alone decide"};
}

}  // namespace fas::scaling
