// How far a consumer of a Kinesis stream is behind. No call of Kinesis's says how many records
// wait, so that it is estimated: the records that arrived since the oldest unread one did, which
// CloudWatch has by the minute, as a rate, and the age of that one.
//
// https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "adapters/queues/kinds.h"
#include "adapters/queues/shared/measured.h"
#include "adapters/queues/shared/metric_source.h"

namespace fas::adapters {

namespace {

constexpr std::chrono::seconds stream_period{60};
constexpr double age_max_s = 7 * 86'400;  // whose arrivals are asked for
constexpr std::string_view shared_age = "GetRecords.IteratorAgeMilliseconds";
constexpr std::string_view fan_out_age = "SubscribeToConsumerEvent.MillisBehindLatest";

constexpr Text stream_name{{"A-Za-z0-9_.-", 1, 128},
                           "a name of at most 128 letters, digits, '.', '_' and '-'"};

struct KinesisOptions {
    std::string stream_name;
    std::string consumer_name;
    double stale_after = 300;
    bool include_in_flight = true;
};

constexpr std::array kinesis_rows{
    Row{"stream_name", stream_name, field<&KinesisOptions::stream_name>, "The stream's name.",
        Need::required, Tag::yes, Example{"orders"}},
    Row{"consumer_name", stream_name, field<&KinesisOptions::consumer_name>,
        "The consumer with enhanced fan-out whose backlog it is; without, that of all who read by "
        "GetRecords.",
        Need::absent, Tag::yes, Example{"workers"}},
    Row{"stale_after", Number{.min = 0, .max = 86'400, .above_min = true},
        field<&KinesisOptions::stale_after>,
        "How many seconds after its minute a reading of the age still tells the backlog."},
    include_in_flight_row<&KinesisOptions::include_in_flight>,
};

std::string name_of_stream(const KinesisOptions& options) {
    const std::string& consumer = options.consumer_name;
    return fmt::format("Kinesis stream {}{}{}", options.stream_name,
                       consumer.empty() ? "" : " for ", consumer);
}

clients::MetricWindow last_minutes(TimePoint now, double seconds_of_age) {
    const int count = static_cast<int>(std::ceil(seconds_of_age / 60.0)) + 1;
    return clients::recent_periods(now, stream_period, count, false);
}

class KinesisSource final : public QueueSource {
  public:
    KinesisSource(const KinesisOptions& options, QueueContext context)
        : metrics_(context.account.cloudwatch.get()),
          streams_(context.account.kinesis.get()),
          name_(name_of_stream(options)),
          options_(options) {}

    reactor::Task<Result<scaling::QueueDepth>> read(reactor::Scope scope) override;

  private:
    clients::MetricQuery age_query() const;
    clients::MetricQuery arrivals_query() const;
    reactor::Task<Result<scaling::QueueDepth>> without_age(reactor::Scope scope);
    Result<scaling::QueueDepth> estimate(const clients::MetricSeries* arrivals,
                                         const clients::MetricWindow& window,
                                         scaling::QueueDepth depth) const;

    clients::CloudWatchClient& metrics_;
    clients::KinesisClient& streams_;
    std::string name_;
    KinesisOptions options_;
};

clients::MetricQuery KinesisSource::age_query() const {
    clients::MetricQuery query{
        .id = "age",
        .metric = {"AWS/Kinesis",
                   std::string{options_.consumer_name.empty() ? shared_age : fan_out_age},
                   {{"StreamName", options_.stream_name}}},
        .statistic = "Maximum",
        .period = stream_period};
    if (!options_.consumer_name.empty())
        query.metric.dimensions.push_back({"ConsumerName", options_.consumer_name});
    return query;
}

clients::MetricQuery KinesisSource::arrivals_query() const {
    return {.id = "arrivals",
            .metric = {"AWS/Kinesis", "IncomingRecords", {{"StreamName", options_.stream_name}}},
            .statistic = "Sum",
            .period = stream_period};
}

reactor::Task<Result<scaling::QueueDepth>> KinesisSource::read(reactor::Scope scope) {
    std::vector<clients::MetricQuery> queries;
    queries.push_back(age_query());
    clients::MetricWindow window = last_minutes(metrics_.now(), options_.stale_after);
    auto ages = co_await metrics_.metric_data(std::move(queries), window, scope);
    if (!ages) co_return metric_error(std::move(ages.error()), name_);
    const clients::MetricSeries* age = ages->find("age");
    if (age == nullptr || !age->newest) co_return co_await without_age(std::move(scope));

    const TimePoint end = age->newest->begin + stream_period;
    scaling::QueueDepth depth;
    depth.oldest_age = Seconds{age->newest->value / 1000.0};
    depth.measured_at = end;
    const double old = std::chrono::duration<double>(metrics_.now() - end).count();
    if (old > options_.stale_after) {
        depth.missing = fmt::format("CloudWatch's newest age of {} is {} old, and stale after {}",
                                    name_, age_text(old), age_text(options_.stale_after));
        depth.oldest_age.reset();
        co_return depth;
    }
    if (age->newest->value <= 0) {
        depth.visible = Messages{0};
        co_return with_in_flight(std::move(depth), options_.include_in_flight);
    }
    window = last_minutes(end, std::min(depth.oldest_age->count(), age_max_s));
    std::vector<clients::MetricQuery> more;
    more.push_back(arrivals_query());
    auto arrivals = co_await metrics_.metric_data(std::move(more), window, std::move(scope));
    if (!arrivals) co_return metric_error(std::move(arrivals.error()), name_);
    co_return estimate(arrivals->find("arrivals"), window, std::move(depth));
}

// CloudWatch does not say whether a stream exists; Kinesis does.
reactor::Task<Result<scaling::QueueDepth>> KinesisSource::without_age(reactor::Scope scope) {
    auto status = co_await streams_.stream_status(options_.stream_name, std::move(scope));
    if (!status) {
        Error error = std::move(status.error());
        const bool gone = error.kind == ErrorKind::not_found;
        error.message = fmt::format("cannot read {}: {}; {}", name_, error.message,
                                    gone ? "check stream_name and region"
                                         : "check the rights: kinesis:DescribeStreamSummary");
        co_return error;
    }
    scaling::QueueDepth depth;
    depth.missing = fmt::format(
        "the stream is {}, and CloudWatch has no {} of {} in the last {}: "
        "nobody has read it",
        *status, options_.consumer_name.empty() ? shared_age : fan_out_age, name_,
        age_text(options_.stale_after));
    co_return depth;
}

// By the minutes that CloudWatch has, whose newest are often not there yet.
Result<scaling::QueueDepth> KinesisSource::estimate(const clients::MetricSeries* arrivals,
                                                    const clients::MetricWindow& window,
                                                    scaling::QueueDepth depth) const {
    if (arrivals == nullptr || !arrivals->newest) {
        depth.missing = fmt::format(
            "the oldest record of {} waits for {}, and CloudWatch has no "
            "IncomingRecords of that time",
            name_, age_text(depth.oldest_age->count()));
        return depth;
    }
    const double measured =
        std::chrono::duration<double>(arrivals->newest->begin + stream_period - window.begin)
            .count();
    const double rate = arrivals->total / measured;
    const auto count = count_of(rate * depth.oldest_age->count(), "the estimate");
    if (!count) return metric_error(count.error(), name_);
    depth.visible = *count;
    depth.publish_rate = rate;
    depth.estimated_from = fmt::format("{:.3g} records a second, for the {} that the oldest waits",
                                       rate, age_text(depth.oldest_age->count()));
    return with_in_flight(std::move(depth), options_.include_in_flight);
}

}  // namespace

const QueueKind queues::kinesis =
    queue_kind<KinesisOptions, name_of_stream, made<KinesisSource, KinesisOptions>>(
        "kinesis", kinesis_rows, "KINESIS_");

}  // namespace fas::adapters
