// What CloudWatch answered about metrics, page by page. Pure.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "json/reader.h"
#include "reactor/http.h"

namespace fas::clients {

struct Datapoint {
    double value = 0;
    TimePoint begin;  // of its period
};

// One line of a graph. A query is answered with one, a SEARCH or a GROUP BY with any number.
struct MetricSeries {
    std::string id;                   // the query's
    std::string label;                // CloudWatch's name for it
    std::optional<Datapoint> newest;  // absent: no data in the window, which is not 0
    std::vector<Datapoint> points;    // all in the window, `newest` too, mostly the newest first
    double total = 0;                 // of all the values in the window
    std::string note;                 // what CloudWatch remarks on it, for a person; mostly empty
    std::string partial;  // why these may not be all the data (its status is PartialData), for a
                          // person; empty: they are
};

struct MetricData {
    std::vector<MetricSeries> series;
    std::string note;  // what CloudWatch remarks on the whole, such as that it left something out

    // The first of that query; null when there is none.
    const MetricSeries* find(std::string_view id) const;
};

// What the pages say together.
class MetricPages {
  public:
    // Nothing: the page was taken in. `next_token` is empty after the last. Errors: invalid
    // "UnusableAnswer".
    std::optional<Error> add(const reactor::HttpResponse& response, std::string& next_token);

    // After the last page, which errors tell of. Errors, for the whole where they are of one
    // series: denied "Forbidden" and retryable "InternalError" (CloudWatch's status of the series),
    // retryable "PartialData" (and none of the data is there).
    Result<MetricData> finish(const reactor::HttpResponse& last);

  private:
    struct Reading {
        MetricSeries series;
        std::string status;
    };

    const char* add_result(const json::Value& result);
    static std::optional<Error> error_of(const Reading& reading, const reactor::HttpResponse& last);

    std::vector<Reading> readings_;
    std::size_t known_ = 0;  // of the readings, those of earlier pages
    std::string note_;
};

}  // namespace fas::clients
