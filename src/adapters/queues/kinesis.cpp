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
#include "adapters/queues/shared/region_row.h"

namespace fas::adapters {

namespace {

constexpr std::chrono::seconds stream_period{60};
constexpr double age_max_s = 7 * 86'400;  // whose arrivals are asked for
// How long an age must have lasted that has come of a sudden.
constexpr std::chrono::seconds believed_after{180};
// CloudWatch has a minute's age within this time; where it has none by then, nobody reads.
constexpr std::chrono::seconds silent_after{180};
constexpr std::string_view shared_age = "GetRecords.IteratorAgeMilliseconds";
constexpr std::string_view fan_out_age = "SubscribeToConsumerEvent.MillisBehindLatest";

constexpr Text stream_name{{"A-Za-z0-9_.-", 1, 128},
                           "a name of at most 128 letters, digits, '.', '_' and '-'"};

struct KinesisOptions {
    std::string stream_name;
    std::string region;
    std::string consumer_name;
    double stale_after = 300;
    bool include_in_flight = true;
};

constexpr std::array kinesis_rows{
    Row{"stream_name", stream_name, field<&KinesisOptions::stream_name>, "The stream's name.",
        Need::required, Tag::yes, Example{"orders"}},
    region_row<&KinesisOptions::region>,
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

double age_s(const clients::Datapoint& age) { return age.value / 1000.0; }

// Of the minutes before the newest, one that was so young that the newest cannot be true: an age
// grows by a second each second. A shard that is read for the first time has for a minute an age of
// up to a day (awslabs/amazon-kinesis-client#158). One that is read again after a long while is as
// old as it says, and stays so.
std::optional<clients::Datapoint> contradicting(const clients::MetricSeries& age) {
    for (const clients::Datapoint& before : age.points) {
        const Seconds between = age.newest->begin - before.begin;
        if (between <= Seconds{0} || between > believed_after) continue;
        const Seconds grown_max = between + Seconds{stream_period};
        if (age_s(*age.newest) > age_s(before) + grown_max.count()) return before;
    }
    return std::nullopt;
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
    scaling::QueueDepth by_age(const clients::MetricSeries& age) const;
    reactor::Task<Result<scaling::QueueDepth>> without_age(reactor::Scope scope);
    reactor::Task<Result<scaling::QueueDepth>> with_arrivals(scaling::QueueDepth depth,
                                                             TimePoint since, reactor::Scope scope);
    reactor::Task<Result<scaling::QueueDepth>> estimated(scaling::QueueDepth depth,
                                                         reactor::Scope scope);
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
    const clients::MetricWindow window =
        last_minutes(metrics_.now(), options_.stale_after + believed_after.count());
    auto ages = co_await metrics_.metric_data(std::move(queries), window, scope);
    if (!ages) co_return metric_error(std::move(ages.error()), name_);
    const clients::MetricSeries* age = ages->find("age");
    if (age == nullptr || !age->newest) co_return co_await without_age(std::move(scope));

    scaling::QueueDepth depth = by_age(*age);
    if (depth.oldest_age && !depth.visible) {
        co_return co_await estimated(std::move(depth), std::move(scope));
    }
    const TimePoint end = *depth.measured_at;
    const bool read_since = metrics_.now() - end <= silent_after;
    if (read_since) co_return with_in_flight(std::move(depth), options_.include_in_flight);
    co_return co_await with_arrivals(std::move(depth), end, std::move(scope));
}

// What the ages alone say: the oldest's, and a count where it is 0.
scaling::QueueDepth KinesisSource::by_age(const clients::MetricSeries& age) const {
    const TimePoint end = age.newest->begin + stream_period;
    const double old = std::chrono::duration<double>(metrics_.now() - end).count();
    scaling::QueueDepth depth;
    depth.measured_at = end;
    if (old > options_.stale_after) {
        depth.missing = fmt::format("CloudWatch's newest age of {} is {} old, and stale after {}",
                                    name_, age_text(old), age_text(options_.stale_after));
        return depth;
    }
    if (const auto before = contradicting(age)) {
        depth.missing = fmt::format(
            "the age of {} cannot be {}: {} s before it was {}, and an age grows by a second each "
            "second; it is believed once it has lasted for {} minutes",
            name_, age_text(age_s(*age.newest)),
            std::chrono::round<std::chrono::seconds>(age.newest->begin - before->begin).count(),
            age_text(age_s(*before)), believed_after.count() / 60 + 1);
        return depth;
    }
    depth.oldest_age = Seconds{age_s(*age.newest)};
    depth.missing = age.partial;
    if (age.newest->value <= 0) depth.visible = Messages{0};
    return depth;
}

// CloudWatch does not say whether a stream exists; Kinesis does.
reactor::Task<Result<scaling::QueueDepth>> KinesisSource::without_age(reactor::Scope scope) {
    auto status = co_await streams_.stream_status(options_.stream_name, scope);
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
    const TimePoint since = last_minutes(metrics_.now(), options_.stale_after).begin;
    co_return co_await with_arrivals(std::move(depth), since, std::move(scope));
}

// Without a consumer there is no age, and a service at 0 would never get one. That a record came
// since the last was read proves that one waits, which starts the first task. How many wait it does
// not: whoever reads may be measured elsewhere (by fan-out, without a consumer_name).
reactor::Task<Result<scaling::QueueDepth>> KinesisSource::with_arrivals(scaling::QueueDepth depth,
                                                                        TimePoint since,
                                                                        reactor::Scope scope) {
    const clients::MetricWindow window{since, last_minutes(metrics_.now(), 0).end};
    std::vector<clients::MetricQuery> queries;
    queries.push_back(arrivals_query());
    auto data = co_await metrics_.metric_data(std::move(queries), window, std::move(scope));
    if (!data) co_return metric_error(std::move(data.error()), name_);
    const clients::MetricSeries* arrivals = data->find("arrivals");
    if (arrivals != nullptr && arrivals->total > 0) {
        depth.visible = Messages{1};
        depth.oldest_age.reset();
        if (!depth.missing.empty()) depth.missing += "; ";
        depth.missing += fmt::format("{:g} records came since {}, of which at least one waits",
                                     arrivals->total, to_iso8601(since));
    }
    co_return with_in_flight(std::move(depth), options_.include_in_flight);
}

reactor::Task<Result<scaling::QueueDepth>> KinesisSource::estimated(scaling::QueueDepth depth,
                                                                    reactor::Scope scope) {
    const clients::MetricWindow window =
        last_minutes(*depth.measured_at, std::min(depth.oldest_age->count(), age_max_s));
    std::vector<clients::MetricQuery> queries;
    queries.push_back(arrivals_query());
    auto arrivals = co_await metrics_.metric_data(std::move(queries), window, std::move(scope));
    if (!arrivals) co_return metric_error(std::move(arrivals.error()), name_);
    co_return estimate(arrivals->find("arrivals"), window, std::move(depth));
}

// By the minutes that CloudWatch has, whose newest are often not there yet. A minute without
// arrivals has no datapoint, but where the data is partial it is one that was not given.
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
    TimePoint begin = window.begin;
    if (!arrivals->partial.empty()) {
        begin = std::ranges::min(arrivals->points, {}, &clients::Datapoint::begin).begin;
        depth.missing = arrivals->partial;
    }
    const double measured =
        std::chrono::duration<double>(arrivals->newest->begin + stream_period - begin).count();
    const double rate = arrivals->total / measured;
    const auto count = count_of(rate * depth.oldest_age->count(), "the estimate");
    if (!count) return metric_error(count.error(), name_);
    depth.visible = std::max(*count, Messages{1});  // the oldest, at least
    depth.publish_rate = rate;
    depth.estimated_from = fmt::format("{:.3g} records a second, for the {} that the oldest waits",
                                       rate, age_text(depth.oldest_age->count()));
    return with_in_flight(std::move(depth), options_.include_in_flight);
}

}  // namespace

const QueueKind queues::kinesis =
    queue_kind<KinesisOptions, name_of_stream, made<KinesisSource, KinesisOptions>>(
        "kinesis", kinesis_rows, "KINESIS_", given_region<KinesisOptions>);

}  // namespace fas::adapters
