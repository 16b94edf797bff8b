#include "simulation/comparison_json.h"

#include <optional>
#include <string_view>

#include "base/json_writer.h"

namespace fas::simulation {

namespace {

void write_optional(JsonWriter& json, std::string_view key, std::optional<double> number) {
    json.key(key);
    number ? json.value(*number) : json.null();
}

void write_text(JsonWriter& json, std::string_view key, const std::string& text) {
    json.key(key);
    text.empty() ? json.null() : json.value(text);
}

void write_trace(JsonWriter& json, const Trace& trace) {
    json.key("trace").begin_object();
    write_text(json, "start", trace.start == TimePoint{} ? "" : to_iso8601(trace.start));
    json.member("length_seconds", trace.length().count())
        .member("messages", trace.messages())
        .member("peak_messages_per_second", trace.peak_rate())
        .end_object();
}

void write_plant(JsonWriter& json, const PlantParameters& plant) {
    json.key("plant")
        .begin_object()
        .member("work_mean_seconds", plant.work.mean.count())
        .member("work_variation", plant.work.variation)
        .member("messages_per_task", plant.messages_per_task)
        .member("start_up_median_seconds", plant.start_up_median.count())
        .member("start_up_p95_seconds", plant.start_up_p95.count())
        .member("scale_in", name_of(plant.scale_in, scale_in_names))
        .member("stop_timeout_seconds", plant.stop_timeout.count())
        .member("visibility_timeout_seconds", plant.visibility_timeout.count())
        .member("billed_at_least_seconds", plant.billed_at_least.count());
    write_optional(
        json, "ends_when_idle_seconds",
        plant.ends_when_idle ? std::optional{plant.ends_when_idle->count()} : std::nullopt);
    json.end_object();
}

void write_world(JsonWriter& json, const Comparison& comparison) {
    const World& world = comparison.world;
    write_trace(json, world.trace);
    write_plant(json, world.plant);
    json.key("readings")
        .begin_object()
        .member("delay_seconds", world.readings.delay.count())
        .member("noise_share", world.readings.noise)
        .end_object();
    json.key("prices")
        .begin_object()
        .member("task_hour_dollars", comparison.prices.task_hour)
        .member("wait_limit_seconds", comparison.prices.wait_limit.count())
        .end_object();
    json.member("initial_tasks", world.initial.value).member("seed", world.seed);
    json.key("notes").begin_array();
    for (const std::string& note : comparison.notes) json.value(std::string_view{note});
    json.end_array();
}

void write_summary(JsonWriter& json, const Summary& summary) {
    json.key("summary")
        .begin_object()
        .member("messages", summary.messages)
        .member("wait_mean_seconds", summary.wait_mean.count())
        .member("wait_p50_seconds", summary.wait_p50.count())
        .member("wait_p95_seconds", summary.wait_p95.count())
        .member("wait_p99_seconds", summary.wait_p99.count())
        .member("wait_max_seconds", summary.wait_max.count())
        .member("over_limit_share", summary.over_limit)
        .member("task_hours", summary.task_hours)
        .member("cost_dollars", summary.cost);
    write_optional(json, "cost_ratio",
                   summary.cost_ratio > 0 ? std::optional{summary.cost_ratio} : std::nullopt);
    json.member("killed_share", summary.killed)
        .member("changes", summary.changes)
        .member("changes_a_day", summary.changes_a_day)
        .end_object();
}

void write_versus_oracle(JsonWriter& json, const Contestant& one, const Contestant* oracle) {
    json.key("versus_oracle");
    if (oracle == nullptr || oracle == &one) {
        json.null();
        return;
    }
    json.begin_object().member("wait_p99_more_seconds",
                               (one.summary.wait_p99 - oracle->summary.wait_p99).count());
    write_optional(json, "cost_more_share",
                   oracle->summary.cost > 0
                       ? std::optional{one.summary.cost / oracle->summary.cost - 1}
                       : std::nullopt);
    json.end_object();
}

// A member of each stretch, as a list.
template <class Get>
void write_series(JsonWriter& json, std::string_view key, const Outcome& outcome, Get get) {
    json.key(key).begin_array();
    for (const Stretch& stretch : outcome.timeline) json.value(get(stretch));
    json.end_array();
}

void write_timeline(JsonWriter& json, const Outcome& outcome) {
    json.key("timeline").begin_object().member("stretch_seconds", outcome.stretch.count());
    write_series(json, "most_visible", outcome,
                 [](const Stretch& stretch) { return stretch.most_visible.value; });
    write_series(json, "in_flight", outcome,
                 [](const Stretch& stretch) { return stretch.in_flight.value; });
    write_series(json, "desired_tasks", outcome,
                 [](const Stretch& stretch) { return stretch.desired.value; });
    write_series(json, "running_tasks", outcome,
                 [](const Stretch& stretch) { return stretch.running.value; });
    write_series(json, "longest_wait_seconds", outcome,
                 [](const Stretch& stretch) { return stretch.longest_wait.count(); });
    json.end_object();
}

void write_changes(JsonWriter& json, const Outcome& outcome) {
    json.key("changes").begin_array();
    for (const Change& change : outcome.changes) {
        json.begin_object()
            .member("at_seconds", change.at.count())
            .member("from_tasks", change.from.value)
            .member("to_tasks", change.to.value)
            .member("reason", change.reason)
            .end_object();
    }
    json.end_array();
}

void write_contestant(JsonWriter& json, const Contestant& one, const Contestant* oracle) {
    json.begin_object().member("name", one.name).member("judged", one.judged);
    write_text(json, "follows", one.follows);
    write_text(json, "note", one.note);
    json.member("length_seconds", one.outcome.length.count());
    write_summary(json, one.summary);
    write_versus_oracle(json, one, oracle);
    write_timeline(json, one.outcome);
    write_changes(json, one.outcome);
    json.end_object();
}

}  // namespace

std::string comparison_json(const Comparison& comparison) {
    JsonWriter json;
    json.begin_object();
    write_world(json, comparison);
    json.key("contestants").begin_array();
    for (const Contestant& one : comparison.contestants) {
        write_contestant(json, one, comparison.oracle());
    }
    json.end_array().end_object();
    return json.take();
}

}  // namespace fas::simulation
