#include "app/simulate/cloudwatch_trace.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "app/aws_accounts.h"
#include "app/wiring.h"
#include "base/quantity.h"
#include "clients/aws/queue_address.h"

namespace fas::app {

namespace {

using clients::MetricData;
using clients::MetricQuery;
using clients::MetricSeries;

constexpr std::chrono::minutes minute{1};
constexpr std::chrono::minutes late{5};  // until a minute's sums are whole
constexpr Seconds kept{15 * 86'400.0};   // metrics of a minute
constexpr Seconds a_day{86'400};

// By minute since the beginning.
using Minutes = std::map<std::int64_t, double>;

struct Metrics {
    std::string partial;  // why some of it may be missing; mostly empty
    Minutes sent;
    Minutes deleted;
    Minutes visible;
    Minutes in_flight;
    Minutes running;
};

struct MetricName {
    const char* id;
    const char* name;
    const char* statistic;
    Minutes Metrics::* minutes;
};

constexpr std::array of_queue{
    MetricName{"sent", "NumberOfMessagesSent", "Sum", &Metrics::sent},
    MetricName{"deleted", "NumberOfMessagesDeleted", "Sum", &Metrics::deleted},
    MetricName{"visible", "ApproximateNumberOfMessagesVisible", "Average", &Metrics::visible},
    MetricName{"in_flight", "ApproximateNumberOfMessagesNotVisible", "Average",
               &Metrics::in_flight}};
constexpr MetricName running{"running", "RunningTaskCount", "Average", &Metrics::running};

// A URL ends with it: https://sqs.eu-west-1.amazonaws.com/123456789012/jobs
std::string name_of(const clients::QueueAddress& address) {
    if (!address.name.empty()) return address.name;
    return address.url.substr(address.url.rfind('/') + 1);
}

Error no_past(std::string message) {
    return make_error(ErrorKind::invalid, "BadTrace", std::move(message));
}

Error unreadable_past(Error error, const std::string& queue) {
    const std::string_view advice = error.kind == ErrorKind::denied
                                        ? "check the credentials and allow cloudwatch:GetMetricData"
                                        : "try again";
    error.message = fmt::format("cannot read the past of {} from CloudWatch: {}; {}", queue,
                                error.message, advice);
    return error;
}

std::vector<MetricQuery> queries_for(const TargetSettings& settings, const std::string& queue) {
    std::vector<MetricQuery> queries;
    queries.reserve(of_queue.size() + 1);
    for (const MetricName& metric : of_queue) {
        queries.push_back({.id = metric.id,
                           .metric = {"AWS/SQS", metric.name, {{"QueueName", queue}}},
                           .statistic = metric.statistic});
    }
    if (!settings.service_name.empty()) {
        queries.push_back({.id = running.id,
                           .metric = {"ECS/ContainerInsights",
                                      running.name,
                                      {{"ClusterName", settings.cluster_name},
                                       {"ServiceName", settings.service_name}}},
                           .statistic = running.statistic});
    }
    return queries;
}

void take_in(const MetricData& data, TimePoint begin, const MetricName& metric, Metrics& metrics) {
    const MetricSeries* series = data.find(metric.id);
    if (series == nullptr) return;
    if (!series->partial.empty()) metrics.partial = series->partial;
    for (const clients::Datapoint& point : series->points) {
        (metrics.*metric.minutes)[(point.begin - begin) / minute] = point.value;
    }
}

// Day by day, so that no answer is longer than one of a day.
reactor::Task<Result<Metrics>> read_metrics(clients::CloudWatchClient* client,
                                            std::vector<MetricQuery> queries, TimePoint begin,
                                            TimePoint end, reactor::Scope scope) {
    Metrics metrics;
    for (TimePoint day = begin; day < end; day += std::chrono::hours{24}) {
        const clients::MetricWindow window{day, std::min(end, day + std::chrono::hours{24})};
        const auto data = co_await client->metric_data(queries, window, scope);
        if (!data) co_return data.error();
        for (const MetricName& metric : of_queue) take_in(*data, begin, metric, metrics);
        take_in(*data, begin, running, metrics);
    }
    co_return metrics;
}

double sum_of(const Minutes& minutes) {
    double sum = 0;
    for (const auto& [at, value] : minutes) sum += value;
    return sum;
}

// Little's law: what is in hand in the mean is what is finished in a second times how long it
// takes. For each day by itself too, since days that agree say how sure it is.
struct LittlesLaw {
    Seconds mean{0};
    Seconds deviation{0};  // of the mean; 0 where there is but one day
    std::size_t days = 0;
};

std::optional<LittlesLaw> processing_time_of(const Metrics& metrics) {
    struct Day {
        double in_flight = 0;
        double deleted = 0;
    };
    std::map<std::int64_t, Day> days;
    Day all;
    for (const auto& [at, deleted] : metrics.deleted) {
        const auto in_flight = metrics.in_flight.find(at);
        if (in_flight == metrics.in_flight.end()) continue;
        for (Day* day : {&days[at / 1440], &all}) {
            day->in_flight += in_flight->second * 60;
            day->deleted += deleted;
        }
    }
    if (all.deleted <= 0 || all.in_flight <= 0) return std::nullopt;
    LittlesLaw law{.mean = Seconds{all.in_flight / all.deleted}};
    double squares = 0;
    for (const auto& [number, day] : days) {
        if (day.deleted <= 0) continue;
        ++law.days;
        squares += std::pow(day.in_flight / day.deleted - law.mean.count(), 2);
    }
    if (law.days > 1) {
        const auto days_known = static_cast<double>(law.days);
        law.deviation = Seconds{std::sqrt(squares / (days_known - 1) / days_known)};
    }
    return law;
}

std::string note_of(const LittlesLaw& law) {
    const std::string how = fmt::format(
        "a message takes {:.3g} s in the mean, by Little's law from the messages in "
        "flight and those deleted",
        law.mean.count());
    if (law.days < 2) return how + "; of one day alone, so that how sure it is cannot be said";
    return fmt::format("{} ({} days, standard error {:.2g} s{})", how, law.days,
                       law.deviation.count(),
                       law.deviation > law.mean / 5 ? ": days differ, give --processing-time if "
                                                      "you know it"
                                                    : "");
}

// What was, to be held beside what would have been.
void tell_of_the_past(const Metrics& metrics, std::vector<std::string>& notes) {
    if (!metrics.running.empty()) {
        notes.push_back(fmt::format("the service itself had {:.1f} task-hours in that time",
                                    sum_of(metrics.running) / 60));
    }
    const double sent = sum_of(metrics.sent);
    if (!metrics.visible.empty() && sent > 0) {
        notes.push_back(
            fmt::format("a message itself waited {:.3g} s in the mean, by Little's law "
                        "from the messages that waited",
                        sum_of(metrics.visible) * 60 / sent));
    }
}

Result<FoundTrace> trace_of(const Metrics& metrics, TimePoint begin, std::int64_t minutes) {
    if (sum_of(metrics.sent) <= 0) {
        return make_error(ErrorKind::not_found, "NoMessages",
                          "by CloudWatch's account no message was sent to the queue in that time; "
                          "see that queue_url and region are right");
    }
    FoundTrace found;
    found.trace.start = begin;
    found.trace.bin = minute;
    found.trace.counts.assign(static_cast<std::size_t>(minutes), 0.0);
    for (const auto& [at, count] : metrics.sent) {
        if (at >= 0 && at < minutes) found.trace.counts[static_cast<std::size_t>(at)] = count;
    }
    if (!metrics.partial.empty()) {
        found.notes.push_back("not all of the past may be there: " + metrics.partial);
    }
    const auto silent = minutes - static_cast<std::int64_t>(metrics.sent.size());
    if (silent > 0) {
        found.notes.push_back(
            fmt::format("{} without data counted as 0", quantity(silent, "minute", "minutes")));
    }
    if (const auto law = processing_time_of(metrics)) {
        found.processing_time = law->mean;
        found.notes.push_back(note_of(*law));
    }
    tell_of_the_past(metrics, found.notes);
    return found;
}

}  // namespace

Result<FoundTrace> read_cloudwatch_trace(const TargetSettings& settings, Seconds span,
                                         const std::string& profile, Plumbing& plumbing) {
    const QueueSettings& queue = settings.queues.front();
    const clients::QueueAddress address = clients::queue_address(queue_name(queue));
    if (queue.type().name != "sqs" || name_of(address).empty()) {
        return no_past(
            "--cloudwatch reads the metrics of an SQS queue; the configuration names "
            "none (queue_url)");
    }
    if (span > kept || span < a_day / 24) {
        return no_past(
            "--cloudwatch takes from 1h to 15d: CloudWatch keeps metrics of a minute for "
            "15 days");
    }
    const auto accounts = AwsAccounts::make(profile, plumbing);
    if (!accounts) return accounts.error();
    const std::string region = address.region.empty() ? settings.region : address.region;
    const auto account = (*accounts)->in(region, queue_role(settings));
    const TimePoint end = std::chrono::floor<std::chrono::minutes>(plumbing.clock.now() - late);
    const TimePoint begin = end - std::chrono::floor<std::chrono::minutes>(span);
    const auto metrics = plumbing.reactor.run(read_metrics(
        &account->cloudwatch.get(), queries_for(settings, name_of(address)), begin, end, {}));
    if (!metrics) return unreadable_past(metrics.error(), queue_name(queue));
    return trace_of(*metrics, begin, (end - begin) / minute);
}

}  // namespace fas::app
