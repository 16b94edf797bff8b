// The setting `schedule`: [{"start": "0 8 * * MON-FRI", "end": "0 18 * * MON-FRI", "timezone":
// "Europe/Berlin", "min_tasks": 20, "max_tasks": 200}].
#include <fmt/format.h>

#include <array>
#include <map>

#include "base/time_zone_files.h"
#include "scaling/schedule.h"
#include "settings/tables.h"

namespace fas::settings {

namespace {

using scaling::ScheduleEntry;

constexpr Text cron{{Grammar::any, 1, 256},
                    "a cron expression of five fields, or @daily and its like"};

constexpr auto text_of_cron = [](const std::optional<scaling::Cron>& expression) -> Value {
    if (!expression) return {};
    return std::string_view{expression->text()};
};

// Entries of one zone share its data.
Result<std::shared_ptr<const TimeZone>> zone_named(std::string_view name) {
    static std::map<std::string, std::weak_ptr<const TimeZone>, std::less<>> known;
    const auto found = known.find(name);
    if (found != known.end()) {
        if (auto zone = found->second.lock()) return zone;
    }
    auto zone = load_time_zone(name);
    if (zone) known.insert_or_assign(std::string{name}, *zone);
    return zone;
}

std::string set_zone(void* owner, const Value& value) {
    auto& entry = *static_cast<ScheduleEntry*>(owner);
    const std::string_view name = std::get<std::string_view>(value);
    auto zone = zone_named(name);
    if (!zone) return zone.error().message;
    entry.timezone = name;
    entry.zone = std::move(*zone);
    return {};
}

constexpr std::array entry_rows{
    Row{"start", cron, parsed_field<scaling::parse_cron, text_of_cron, &ScheduleEntry::start>,
        "When the entry begins to hold: a cron expression of five fields, or @daily and the like.",
        Need::required, Example{"0 8 * * MON-FRI"}},
    Row{"end", cron, parsed_field<scaling::parse_cron, text_of_cron, &ScheduleEntry::end>,
        "When it ends; without it, the entry holds until another starts.", Need::absent,
        Example{"0 18 * * MON-FRI"}},
    Row{"timezone", Text{{Grammar::any, 1, 64}, "a name of the IANA database of time zones"},
        Field{.get = field<&ScheduleEntry::timezone>.get, .set = set_zone},
        "Whose clocks they go by: a name of the IANA database, such as Europe/Berlin."},
    Row{"min_tasks", task_count, field<&ScheduleEntry::min_tasks>,
        "The fewest tasks while it holds.", Need::absent, Example{"20"}},
    Row{"max_tasks", task_count, field<&ScheduleEntry::max_tasks>, "The most tasks while it holds.",
        Need::absent, Example{"200"}},
};

std::optional<Clash> entry_clash(const ScheduleEntry& entry) {
    if (!entry.min_tasks && !entry.max_tasks) {
        return Clash{"", "needs min_tasks, max_tasks, or both"};
    }
    if (entry.min_tasks && entry.max_tasks && *entry.min_tasks > *entry.max_tasks) {
        return Clash{"min_tasks", fmt::format("{} is above max_tasks, {}", entry.min_tasks->value,
                                              entry.max_tasks->value)};
    }
    if (entry.end && entry.end->text() == entry.start.text()) {
        return Clash{"end", "is the same as start, so that the entry never holds"};
    }
    return std::nullopt;
}

}  // namespace

constexpr Table schedule_entry_table = table_of<ScheduleEntry, entry_clash>(entry_rows);

}  // namespace fas::settings
