#include "app/schedule_setting.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "app/nested_setting.h"
#include "app/settings.h"
#include "base/time_zone_files.h"

namespace fas::app {

namespace {

constexpr std::array<std::string_view, 5> entry_keys{"start", "end", "timezone", "min_tasks",
                                                     "max_tasks"};

std::optional<scaling::Cron> read_cron(const json::Value& object, const std::string& place,
                                       std::string_view key, NestedReader& reader) {
    const auto text = reader.text(object, place, key);
    if (!text) return std::nullopt;
    std::string problem;
    auto cron = scaling::parse_cron(*text, &problem);
    if (!cron) reader.fail(fmt::format("{}.{}", place, key), problem);
    return cron;
}

// One that an earlier entry has is not read again.
std::shared_ptr<const TimeZone> zone_of(const std::string& name, const std::string& place,
                                        const scaling::Schedule& earlier, LoadTimeZone load,
                                        NestedReader& reader) {
    const auto known = std::ranges::find(earlier, name, &scaling::ScheduleEntry::timezone);
    if (known != earlier.end()) return known->zone;
    auto zone = load(name);
    if (zone) return std::move(*zone);
    reader.fail(place + ".timezone", zone.error().message);
    return nullptr;
}

std::optional<Tasks> read_tasks(const json::Value& object, const std::string& place,
                                std::string_view key, NestedReader& reader) {
    const auto number = reader.integer(object, place, key, 0, tasks_max);
    if (!number) return std::nullopt;
    return Tasks{*number};
}

void check_entry(const scaling::ScheduleEntry& entry, const std::string& place,
                 NestedReader& reader) {
    if (!entry.min_tasks && !entry.max_tasks) {
        reader.fail(place, "it needs min_tasks, max_tasks, or both");
    } else if (entry.min_tasks && entry.max_tasks && *entry.min_tasks > *entry.max_tasks) {
        reader.fail(place + ".min_tasks",
                    fmt::format("{} is above max_tasks, {}", entry.min_tasks->value,
                                entry.max_tasks->value));
    } else if (entry.end && entry.end->text() == entry.start.text()) {
        reader.fail(place + ".end", "it is the same as start, so that the entry never holds");
    }
}

std::optional<scaling::ScheduleEntry> read_entry(const json::Value& value, const std::string& place,
                                                 const scaling::Schedule& earlier,
                                                 LoadTimeZone load, NestedReader& reader) {
    reader.expect_object(value, place, entry_keys);
    if (reader.failed()) return std::nullopt;
    scaling::ScheduleEntry entry;
    auto start = read_cron(value, place, "start", reader);
    if (!start) {
        reader.fail(place, "it needs a start, a cron expression of five fields");
        return std::nullopt;
    }
    entry.start = std::move(*start);
    entry.end = read_cron(value, place, "end", reader);
    entry.timezone = reader.text(value, place, "timezone").value_or("UTC");
    if (!reader.failed()) entry.zone = zone_of(entry.timezone, place, earlier, load, reader);
    entry.min_tasks = read_tasks(value, place, "min_tasks", reader);
    entry.max_tasks = read_tasks(value, place, "max_tasks", reader);
    check_entry(entry, place, reader);
    if (reader.failed()) return std::nullopt;
    return entry;
}

}  // namespace

Result<std::shared_ptr<const TimeZone>> time_zone_of_system(std::string_view name) {
    return load_time_zone(name);
}

std::optional<scaling::Schedule> read_schedule(const json::Value& value, std::string* problem,
                                               LoadTimeZone load) {
    NestedReader reader{problem};
    reader.expect_list(value, "schedule", scaling::schedule_entries_max);
    if (reader.failed()) return std::nullopt;
    scaling::Schedule schedule;
    for (const json::Value& item : value.items()) {
        const std::string place = fmt::format("schedule[{}]", schedule.size());
        auto entry = read_entry(item, place, schedule, load, reader);
        if (!entry) return std::nullopt;
        schedule.push_back(std::move(*entry));
    }
    return schedule;
}

}  // namespace fas::app
