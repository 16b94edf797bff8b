// A count that CloudWatch has as one metric, or as one expression over several.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/row.h"
#include "clients/aws/services/cloudwatch.h"
#include "engine/queue_source.h"

namespace fas::adapters {

struct MetricReadingRules {
    std::string name;  // for people: "SNS topic orders"
    std::vector<clients::MetricQuery> queries;
    std::string wanted;  // the id of the query whose value is the count
    std::chrono::seconds period{60};
    // The running period's value is not yet what it will be: of sums and counts it is left out.
    bool with_running_period = false;
    double stale_after = 300;    // seconds since the end of the newest datapoint's period
    bool empty_is_zero = false;  // no datapoint, or none that is not stale, is a count of 0
    bool include_in_flight = true;
    std::string estimated_from;  // QueueDepth's
};

// Rows for a kind. Without stale_after, which stale_after() reads, it is as long as CloudWatch
// takes to have a period's data, and more.
template <auto... path>
inline constexpr Row stale_after_row{
    "stale_after",
    Number{.min = 0, .max = 86'400, .above_min = true},
    field<path...>,
    "How many seconds after its period a datapoint still tells the backlog; without, 5 minutes or "
    "three periods, whichever is longer.",
    Need::absent,
    Example{"300"}};
template <auto... path>
constexpr Row period_row(std::int64_t seconds_min, std::string_view says) {
    return {"period", Integer{seconds_min, 86'400}, field<path...>, says};
}
template <auto... path>
inline constexpr Row empty_is_zero_row{
    "empty_is_zero", Flag{}, field<path...>,
    "Count no datapoint as 0: there is none while there is no work. There is none of what does not "
    "exist either, so that without this the backlog is unknown then."};

// In seconds.
double stale_after(std::optional<double> given, std::chrono::seconds period);

// Whether CloudWatch has metrics of such a period: 1, 5, 10, 20, 30 s, and whole minutes.
bool is_metric_period(std::int64_t seconds);

class MetricSource final : public engine::QueueSource {
  public:
    // The client must outlive it.
    MetricSource(clients::CloudWatchClient& client, MetricReadingRules rules)
        : client_(client), rules_(std::move(rules)) {}

    // Without a datapoint, and with one that is stale, the count is absent and `missing` says why.
    reactor::Task<Result<scaling::QueueDepth>> read(reactor::Scope scope) override;

  private:
    Result<scaling::QueueDepth> depth_of(const clients::MetricData& data,
                                         const clients::MetricWindow& window) const;
    scaling::QueueDepth none(std::string why) const;

    clients::CloudWatchClient& client_;
    MetricReadingRules rules_;
};

// For errors of CloudWatch's in a source of that name.
Error metric_error(Error error, std::string_view name);

}  // namespace fas::adapters
