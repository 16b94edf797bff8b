// Amazon CloudWatch: the newest values of metrics, and of expressions over them.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "clients/aws/client.h"
#include "clients/aws/services/cloudwatch_answers.h"

namespace fas::clients {

struct MetricDimension {
    std::string name;
    std::string value;
};

struct Metric {
    std::string name_space;  // "AWS/SNS"
    std::string name;
    std::vector<MetricDimension> dimensions;  // all that the metric has, and no others
};

// A metric's statistic, or an expression: metric math over the other queries' ids, a SEARCH, or a
// SELECT of Metrics Insights.
struct MetricQuery {
    std::string id;  // a lower-case letter, then letters, digits and underscores
    Metric metric;
    std::string statistic;            // "Sum"; of a metric alone
    std::string expression;           // instead of the two
    std::chrono::seconds period{60};  // 0 with an expression that has its own, or its metrics'
    bool wanted = true;               // false: for an expression to use, and not answered
};

// Of the datapoints that begin within it; `end` itself is outside.
struct MetricWindow {
    TimePoint begin;
    TimePoint end;
};

// The last `count` whole periods before `now`, and, where `with_running`, the one that has not
// ended, whose sums and counts are not yet what they will be.
MetricWindow recent_periods(TimePoint now, std::chrono::seconds period, int count,
                            bool with_running);

class CloudWatchClient {
  public:
    static constexpr std::size_t queries_max = 500;  // in one call

    explicit CloudWatchClient(AwsContext& context);

    // The service's time, which windows are counted by.
    TimePoint now() const { return client_.now(); }

    // Follows the answer over ten pages at most. A metric that does not exist is answered like one
    // without data. Errors: those of MetricPages, invalid "TooManyPages", and those of
    // AwsClient::send.
    reactor::Task<Result<MetricData>> metric_data(std::vector<MetricQuery> queries,
                                                  MetricWindow window, reactor::Scope scope);

  private:
    AwsClient client_;
};

}  // namespace fas::clients
