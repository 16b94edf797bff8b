#include "app/metrics.h"

#include <chrono>
#include <optional>
#include <vector>

#include "app/report_json.h"
#include "base/json_writer.h"
#include "base/time.h"

namespace fas::app {

namespace {

struct Metric {
    std::string_view name;
    std::string_view unit;
    double value = 0;
};

std::vector<Metric> metrics_of(const engine::CheckReport& report) {
    std::vector<Metric> metrics;
    const auto add = [&metrics](std::string_view name, const auto& count) {
        if (count) metrics.push_back({name, "Count", static_cast<double>(count->value)});
    };
    add("MessagesVisible", report.queue.visible);
    add("MessagesInFlight", report.queue.in_flight);
    if (report.service) {
        const Tasks now = report.changed ? report.decision->desired : report.service->desired;
        add("TasksRunning", std::optional{report.service->running});
        add("TasksDesired", std::optional{now});
    }
    if (report.decision) add("TasksWanted", std::optional{report.decision->desired});
    const std::chrono::duration<double, std::milli> latency = report.duration;
    metrics.push_back({"Latency", "Milliseconds", latency.count()});
    metrics.push_back({"Errors", "Count", static_cast<double>(report.errors.size())});
    return metrics;
}

void write_directive(JsonWriter& json, TimePoint time, const std::vector<Metric>& metrics) {
    const auto since_epoch = std::chrono::floor<Milliseconds>(time).time_since_epoch();
    json.key("_aws").begin_object();
    json.member("Timestamp", since_epoch.count());
    json.key("CloudWatchMetrics").begin_array().begin_object();
    json.member("Namespace", "FastAutoscaler");
    json.key("Dimensions").begin_array().begin_array();
    json.value("ClusterName").value("ServiceName");
    json.end_array().end_array();
    json.key("Metrics").begin_array();
    for (const Metric& metric : metrics) {
        json.begin_object();
        json.member("Name", metric.name);
        json.member("Unit", metric.unit);
        json.end_object();
    }
    json.end_array().end_object().end_array().end_object();
}

}  // namespace

std::string metrics_line(const engine::CheckReport& report, std::string_view cluster,
                         std::string_view service) {
    const std::vector<Metric> metrics = metrics_of(report);
    const auto action = report.decision ? report.decision->action : scaling::Action::hold;
    JsonWriter json;
    json.begin_object();
    write_directive(json, report.time, metrics);
    json.member("ClusterName", cluster);
    json.member("ServiceName", service);
    for (const Metric& metric : metrics) json.member(metric.name, metric.value);
    json.member("Decision", report.decision ? scaling::to_string(action) : "none");
    json.member("Reason", std::string_view{report_reason(report)});
    json.end_object();
    return json.take();
}

}  // namespace fas::app
