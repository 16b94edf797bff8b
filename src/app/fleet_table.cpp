#include "app/fleet_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "app/report_json.h"

namespace fas::app {

namespace {

// How long a change is worth a look.
constexpr std::chrono::seconds change_stays_new{15};

constexpr std::size_t name_width_max = 40;
constexpr std::size_t lines_around = 4;  // summary, an empty line, the heading, what is not shown

template <class Tag>
std::string number(const std::optional<Count<Tag>>& count) {
    return count ? fmt::format("{}", count->value) : "?";
}

std::string cut(std::string text, std::size_t width) {
    if (text.size() > width && width > 3) text.replace(width - 3, text.npos, "...");
    return text;
}

std::string change_of(const engine::CheckReport& report) {
    const scaling::Decision& decision = *report.decision;
    return fmt::format("scale {} {} -> {}",
                       decision.action == scaling::Action::scale_in ? "in" : "out",
                       decision.current.value, decision.desired.value);
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

bool FleetTable::at_rest(const Row& row, TimePoint now) const {
    const bool empty = row.last.queue && row.last.queue->visible == Messages{0} &&
                       row.last.queue->in_flight.value_or(Messages{0}) == Messages{0};
    const bool changed = row.changed_at && now - *row.changed_at < change_stays_new;
    return empty && !changed && !row.last.failed();
}

std::string FleetTable::summary(TimePoint now) const {
    std::int64_t tasks = 0;
    std::int64_t messages = 0;
    std::size_t failed = 0;
    for (const auto& [name, row] : rows_) {
        if (row.last.queue) messages += row.last.queue->visible.value_or(Messages{0}).value;
        if (row.last.service) tasks += row.last.service->running.value;
        if (row.last.failed()) ++failed;
    }
    return fmt::format("{}  {} targets, {} messages wait, {} tasks run, {}\n\n",
                       to_iso8601(now).substr(11, 8), rows_.size(), messages, tasks,
                       failed == 0 ? "no check failed" : fmt::format("{} FAILED", failed));
}

std::string FleetTable::line(const std::string& name, const Row& row, TimePoint now) const {
    const scaling::QueueDepth queue = row.last.queue.value_or(scaling::QueueDepth{});
    const auto& service = row.last.service;
    const auto running = service ? std::optional{service->running} : std::nullopt;
    const bool changed = row.last.changed && row.last.decision;
    const auto desired = changed   ? std::optional{row.last.decision->desired}
                         : service ? std::optional{service->desired}
                                   : std::nullopt;
    std::string note;
    if (row.last.failed()) {
        note = "FAILED: " + row.last.errors.front().message;
    } else if (row.changed_at) {
        note = fmt::format("{}, {}", row.change, seconds_ago(*row.changed_at, now));
    }
    return cut(fmt::format("{:<{}} {:>8} {:>9} {:>8} {:>8}  {}", cut(name, name_width_max),
                           name_width_max, number(queue.visible), number(queue.in_flight),
                           number(running), number(desired), note),
               width_) +
           "\n";
}

std::string FleetTable::frame(TimePoint now) const {
    std::string text = summary(now);
    text += cut(fmt::format("{:<{}} {:>8} {:>9} {:>8} {:>8}  {}", "target", name_width_max,
                            "visible", "in flight", "running", "desired", "last change"),
                width_) +
            "\n";
    const std::size_t room = std::max(height_, lines_around + 1) - lines_around;
    const bool all = rows_.size() <= room;
    std::size_t shown = 0;
    std::size_t resting = 0;
    for (const auto& [name, row] : rows_) {
        const bool rests = at_rest(row, now);
        if (shown < room && (all || !rests)) {
            text += line(name, row, now);
            ++shown;
        } else if (rests) {
            ++resting;
        }
    }
    const std::size_t hidden = rows_.size() - shown;
    if (hidden > 0) text += fmt::format("and {} more, {} of them at rest\n", hidden, resting);
    return text;
}

}  // namespace fas::app
