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
#include "base/ascii.h"

namespace fas::adapters {

namespace {

constexpr std::chrono::seconds stream_period{60};
constexpr double age_max_s = 7 * 86'400;  // whose arrivals are asked for
constexpr std::string_view shared_age = "GetRecords.IteratorAgeMilliseconds";
constexpr std::string_view fan_out_age = "SubscribeToConsumerEvent.MillisBehindLatest";

bool is_stream_name(std::string_view text) {
    return !text.empty() && text.size() <= 128 && is_alphanumeric_or("-_.", text);
}

constexpr TextType stream_name_type{
    .accepted = "a name of at most 128 letters, digits, '.', '_' and '-'",
    .pattern = "^[A-Za-z0-9_.-]{1,128}$",
    .valid = is_stream_name};

constexpr std::array kinesis_options = {
    Option{.key = "stream_name",
           .variable = "KINESIS_STREAM_NAME",
           .description = "The stream's name.",
           .type = stream_name_type,
           .required = true,
           .by_tag = true},
    Option{.key = "consumer_name",
           .variable = "KINESIS_CONSUMER_NAME",
           .description =
               "The consumer with enhanced fan-out whose backlog it is; without, that of "
               "all who read by GetRecords.",
           .type = stream_name_type,
           .by_tag = true},
    Option{.key = "stale_after",
           .variable = "KINESIS_STALE_AFTER",
           .description = "How many seconds after its minute a reading of the age still tells the "
                          "backlog.",
           .type = NumberType{.min = 0, .max = 86'400, .above_min = true},
           .default_value = 300.0},
    in_flight_option("KINESIS_INCLUDE_IN_FLIGHT"),
};

std::string name_of_stream(const Options& given) {
    const std::string consumer = given.text("consumer_name");
    return fmt::format("Kinesis stream {}{}{}", given.text("stream_name"),
                       consumer.empty() ? "" : " for ", consumer);
}

clients::MetricWindow last_minutes(TimePoint now, double seconds_of_age) {
    const int count = static_cast<int>(std::ceil(seconds_of_age / 60.0)) + 1;
    return clients::recent_periods(now, stream_period, count, false);
}

class KinesisSource final : public QueueSource {
  public:
    KinesisSource(clients::CloudWatchClient& metrics, clients::KinesisClient& streams,
                  const Options& given)
        : metrics_(metrics),
          streams_(streams),
          name_(name_of_stream(given)),
          stream_(given.text("stream_name")),
          consumer_(given.text("consumer_name")),
          stale_after_(given.number("stale_after")),
          include_in_flight_(given.flag("include_in_flight")) {}

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
    std::string stream_;
    std::string consumer_;
    double stale_after_;
    bool include_in_flight_;
};

clients::MetricQuery KinesisSource::age_query() const {
    clients::MetricQuery query{.id = "age",
                               .metric = {"AWS/Kinesis",
                                          std::string{consumer_.empty() ? shared_age : fan_out_age},
                                          {{"StreamName", stream_}}},
                               .statistic = "Maximum",
                               .period = stream_period};
    if (!consumer_.empty()) query.metric.dimensions.push_back({"ConsumerName", consumer_});
    return query;
}

clients::MetricQuery KinesisSource::arrivals_query() const {
    return {.id = "arrivals",
            .metric = {"AWS/Kinesis", "IncomingRecords", {{"StreamName", stream_}}},
            .statistic = "Sum",
            .period = stream_period};
}

reactor::Task<Result<scaling::QueueDepth>> KinesisSource::read(reactor::Scope scope) {
    std::vector<clients::MetricQuery> queries;
    queries.push_back(age_query());
    clients::MetricWindow window = last_minutes(metrics_.now(), stale_after_);
    auto ages = co_await metrics_.metric_data(std::move(queries), window, scope);
    if (!ages) co_return metric_error(std::move(ages.error()), name_);
    const clients::MetricSeries* age = ages->find("age");
    if (age == nullptr || !age->newest) co_return co_await without_age(std::move(scope));

    const TimePoint end = age->newest->begin + stream_period;
    scaling::QueueDepth depth;
    depth.oldest_age = Seconds{age->newest->value / 1000.0};
    depth.measured_at = end;
    const double old = std::chrono::duration<double>(metrics_.now() - end).count();
    if (old > stale_after_) {
        depth.missing = fmt::format("CloudWatch's newest age of {} is {} old, and stale after {}",
                                    name_, age_text(old), age_text(stale_after_));
        depth.oldest_age.reset();
        co_return depth;
    }
    if (age->newest->value <= 0) {
        depth.visible = Messages{0};
        co_return with_in_flight(std::move(depth), include_in_flight_);
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
    auto status = co_await streams_.stream_status(stream_, std::move(scope));
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
        *status, consumer_.empty() ? shared_age : fan_out_age, name_, age_text(stale_after_));
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
    return with_in_flight(std::move(depth), include_in_flight_);
}

}  // namespace

const QueueKind queues::kinesis = {
    .name = "kinesis",
    .options = kinesis_options,
    .name_of = name_of_stream,
    .problem = nullptr,
    .make = [](const Options& given, QueueContext context) -> std::unique_ptr<QueueSource> {
        return std::make_unique<KinesisSource>(context.account.cloudwatch.get(),
                                               context.account.kinesis.get(), given);
    }};

}  // namespace fas::adapters
