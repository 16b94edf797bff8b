#include "app/report_json.h"

#include "base/json_writer.h"

namespace fas::app {

namespace {

template <class Number>
void optional_member(JsonWriter& json, std::string_view name, const std::optional<Number>& number) {
    json.key(name);
    if (number) {
        json.value(*number);
    } else {
        json.null();
    }
}

template <class Tag>
std::optional<std::int64_t> plain(const std::optional<Count<Tag>>& count) {
    return count ? std::optional{count->value} : std::nullopt;
}

void write_text(JsonWriter& json, std::string_view name, const std::string& text) {
    if (!text.empty()) json.member(name, std::string_view{text});
}

// Few sources say more than the counts, so the rest is left out where it is not known.
void write_queue(JsonWriter& json, const engine::CheckReport& report) {
    const scaling::QueueDepth& depth = report.queue;
    const bool counted = report.decision && depth.visible;
    optional_member(json, "queue_size",
                    counted ? std::optional{report.decision->backlog.value} : std::nullopt);
    optional_member(json, "visible", plain(depth.visible));
    optional_member(json, "in_flight", plain(depth.in_flight));
    if (depth.stuck > Messages{0}) json.member("stuck", depth.stuck.value);
    if (depth.oldest_age) json.member("oldest_age", depth.oldest_age->count());
    if (depth.publish_rate) json.member("publish_rate", *depth.publish_rate);
    if (depth.delivery_rate) json.member("delivery_rate", *depth.delivery_rate);
    if (depth.measured_at) {
        json.member("measured_at", std::string_view{to_iso8601(*depth.measured_at)});
    }
    write_text(json, "estimated_from", depth.estimated_from);
    write_text(json, "missing", depth.missing);
}

// new_tasks is what the service will have after this check: a change that was not made is not in
// it.
void write_tasks(JsonWriter& json, const engine::CheckReport& report) {
    std::optional<std::int64_t> current;
    std::optional<std::int64_t> wanted;
    std::optional<double> messages_per_task;
    if (report.service) current = report.service->desired.value;
    if (report.decision && (report.changed || report.dry_run)) {
        wanted = report.decision->desired.value;
    } else {
        wanted = current;
    }
    if (report.decision && current.value_or(0) > 0) {
        messages_per_task =
            static_cast<double>(report.decision->backlog.value) / static_cast<double>(*current);
    }
    optional_member(json, "current_tasks", current);
    optional_member(json, "new_tasks", wanted);
    optional_member(json, "messages_per_task", messages_per_task);
    optional_member(json, "running",
                    report.service ? std::optional{report.service->running.value} : std::nullopt);
    optional_member(json, "pending",
                    report.service ? std::optional{report.service->pending.value} : std::nullopt);
}

void write_errors(JsonWriter& json, const std::vector<Error>& errors) {
    json.key("errors").begin_array();
    for (const Error& error : errors) {
        json.begin_object();
        json.member("kind", to_string(error.kind));
        json.member("service", std::string_view{error.service});
        json.member("code", std::string_view{error.code});
        json.member("message", std::string_view{error.message});
        json.member("http_status", error.http_status);
        json.member("request_id", std::string_view{error.request_id});
        json.end_object();
    }
    json.end_array();
}

}  // namespace

std::string report_reason(const engine::CheckReport& report) {
    return report.decision ? report.decision->reason : report.undecided;
}

std::string report_json(const engine::CheckReport& report) {
    const scaling::Action action =
        report.decision ? report.decision->action : scaling::Action::hold;
    JsonWriter json;
    json.begin_object();
    json.member("time", std::string_view{to_iso8601(report.time)});
    json.member("target", std::string_view{report.target});
    json.member("action", scaling::to_string(action));
    json.member("reason", std::string_view{report_reason(report)});
    write_queue(json, report);
    write_tasks(json, report);
    json.member("changed", report.changed);
    json.member("dry_run", report.dry_run);
    json.member("duration_ms", static_cast<double>(report.duration.count()) / 1000.0);
    write_errors(json, report.errors);
    json.end_object();
    return json.take();
}

}  // namespace fas::app
