#include "adapters/queues/kafka/metric.h"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <utility>

namespace fas::adapters {

namespace {

constexpr std::chrono::seconds lag_period{60};
constexpr int lag_periods = 10;   // MSK leaves out minutes
constexpr double lag_max = 1e15;  // a double counts singly up to there

std::string_view kafka_metric_advice(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::not_found:
            return "check msk_cluster_arn, consumer_group and topic; MSK measures groups that have "
                   "committed, and while they are stable or empty";
        case ErrorKind::denied: return "check the credentials and allow cloudwatch:GetMetricData";
        default: return "nothing is scaled until it can be read";
    }
}

}  // namespace

Error KafkaMetricSource::explain(Error error) const {
    error.message = fmt::format("cannot read the lag of {}: {}; {}", what_.name, error.message,
                                kafka_metric_advice(error.kind));
    return error;
}

reactor::Task<Result<scaling::QueueDepth>> KafkaMetricSource::read(reactor::Scope scope) {
    clients::MetricQuery query;
    query.id = "lag";
    query.metric = {
        "AWS/Kafka",
        "SumOffsetLag",
        {{"Cluster Name", what_.cluster}, {"Consumer Group", what_.group}, {"Topic", what_.topic}}};
    query.statistic = "Maximum";
    query.period = lag_period;
    std::vector<clients::MetricQuery> queries;
    queries.push_back(std::move(query));
    const clients::MetricWindow window =
        clients::recent_periods(client_.now(), lag_period, lag_periods, true);

    const auto data = co_await client_.metric_data(std::move(queries), window, std::move(scope));
    if (!data) co_return explain(data.error());
    const clients::MetricSeries* lag = data->find("lag");
    Error error;
    error.service = "CLOUDWATCH";
    if (lag == nullptr || !lag->newest) {
        error.kind = ErrorKind::not_found;
        error.code = "NoData";
        error.message =
            fmt::format("CloudWatch has no SumOffsetLag of the last {} minutes", lag_periods);
        co_return explain(std::move(error));
    }
    const double value = lag->newest->value;
    if (!(value >= 0 && value <= lag_max)) {
        error.kind = ErrorKind::invalid;
        error.code = "UnusableAnswer";
        error.message = fmt::format("{:g} is not a lag", value);
        co_return explain(std::move(error));
    }
    scaling::QueueDepth depth;
    depth.visible = Messages{std::llround(value)};
    depth.in_flight = Messages{0};  // in the lag until they are committed
    depth.measured_at = lag->newest->begin;
    depth.missing = lag->partial;
    co_return depth;
}

}  // namespace fas::adapters
