#include "app/fleet_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "app/report_json.h"
#include "app/report_table.h"
#include "base/control_characters.h"

namespace fas::app {

namespace {

// How long a change is worth a look.
constexpr std::chrono::seconds change_stays_new{15};

constexpr std::size_t name_width_max = 40;
constexpr std::string_view target_row_format = "{:<{}} {:>8} {:>9} {:>8} {:>8}  {}";
constexpr std::size_t lines_around = 4;  // summary, an empty line, the heading, what is not shown

std::string cut(std::string text, std::size_t width) {
    if (text.size() > width && width > 3) text.replace(width - 3, text.npos, "...");
    return text;
}

std::string change_of(const engine::CheckReport& report) {
    const scaling::Decision& decision = *report.decision;
    return fmt::format("{} -> {}", decision.current.value, decision.desired.value);
}

std::string seconds_ago(TimePoint then, TimePoint now) {
    return fmt::format("{} s ago", std::chrono::floor<std::chrono::seconds>(now - then).count());
}

}  // namespace

void FleetTable::note(const engine::CheckReport& report) {
    Row& row = rows_[report.target];
    row.last = report;
    if (!report.changed) return;
    row.changed_at = report.time;
    row.change = change_of(report);
}

void FleetTable::keep_only(const std::function<bool(const std::string&)>& is_one,
                           std::size_t count) {
    std::erase_if(rows_, [&is_one](const auto& entry) { return !is_one(entry.first); });
    targets_ = count;
}

// 2 for what has failed, 1 for what is at work, 0 for what is at rest.
int FleetTable::urgency(const Row& row, TimePoint now) {
    if (row.last.failed()) return 2;
    const bool empty = row.last.queue.visible == Messages{0} &&
                       row.last.queue.in_flight.value_or(Messages{0}) == Messages{0};
    const bool changed = row.changed_at && now - *row.changed_at < change_stays_new;
    return empty && !changed ? 0 : 1;
}

std::string FleetTable::summary(TimePoint now) const {
    std::int64_t tasks = 0;
    std::int64_t messages = 0;
    std::size_t failed = 0;
    for (const auto& [name, row] : rows_) {
        messages += row.last.queue.visible.value_or(Messages{0}).value;
        if (row.last.service) tasks += row.last.service->running.value;
        if (row.last.failed()) ++failed;
    }
    return fmt::format("{}  {} targets, {} messages wait, {} tasks run, {}\n\n",
                       to_iso8601(now).substr(11, 8), std::max(targets_, rows_.size()), messages,
                       tasks, failed == 0 ? "no check failed" : fmt::format("{} FAILED", failed));
}

std::string FleetTable::line(const Entry& entry, std::size_t name_width, TimePoint now) const {
    const auto& [name, row] = entry;
    const scaling::QueueDepth& queue = row.last.queue;
    const auto& service = row.last.service;
    const auto running = service ? std::optional{service->running} : std::nullopt;
    auto desired = service ? std::optional{service->desired} : std::nullopt;
    if (row.last.changed && row.last.decision) desired = row.last.decision->desired;
    std::string note;
    if (row.last.failed()) {
        note = "FAILED: " + escaped(row.last.errors.front().message);
    } else if (row.changed_at) {
        note = fmt::format("{}, {}", row.change, seconds_ago(*row.changed_at, now));
    }
    return cut(fmt::format(fmt::runtime(target_row_format), cut(escaped(name), name_width),
                           name_width, table_text(queue.visible), table_text(queue.in_flight),
                           table_text(running), table_text(desired), note),
               width_) +
           "\n";
}

// In the order of their names, so that a line stays where it is.
std::vector<const FleetTable::Entry*> FleetTable::most_urgent(std::size_t count,
                                                              TimePoint now) const {
    std::vector<const Entry*> entries;
    entries.reserve(rows_.size());
    for (const Entry& entry : rows_) entries.push_back(&entry);
    const auto more_urgent = [now](const Entry* a, const Entry* b) {
        const int urgency_a = urgency(a->second, now);
        const int urgency_b = urgency(b->second, now);
        return urgency_a != urgency_b ? urgency_a > urgency_b : a->first < b->first;
    };
    std::ranges::sort(entries, more_urgent);
    entries.resize(std::min(count, entries.size()));
    std::ranges::sort(entries, {},
                      [](const Entry* entry) { return std::string_view{entry->first}; });
    return entries;
}

std::string FleetTable::frame(TimePoint now) const {
    const std::size_t room = std::max(height_, lines_around + 1) - lines_around;
    const auto shown = most_urgent(room, now);
    std::size_t name_width = std::string_view{"target"}.size();
    for (const Entry* entry : shown) {
        name_width = std::max(name_width, std::min(escaped(entry->first).size(), name_width_max));
    }
    std::string text = summary(now);
    text += cut(fmt::format(fmt::runtime(target_row_format), "target", name_width, "visible",
                            "in flight", "running", "desired", "last change"),
                width_) +
            "\n";
    for (const Entry* entry : shown) text += line(*entry, name_width, now);
    if (shown.size() == rows_.size()) return text;
    const auto resting = [now](const auto& entry) { return urgency(entry.second, now) == 0; };
    const auto at_rest = std::ranges::count_if(rows_, resting) -
                         std::ranges::count_if(shown, [&](const Entry* e) { return resting(*e); });
    return text +
           fmt::format("and {} more, {} of them at rest\n", rows_.size() - shown.size(), at_rest);
}

}  // namespace fas::app
