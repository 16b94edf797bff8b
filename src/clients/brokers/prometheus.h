// Prometheus's HTTP API, which Thanos, Mimir and VictoriaMetrics speak as well: one instant query.
// https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "clients/brokers/web_endpoint.h"

namespace fas::clients {

struct PrometheusSample {
    double value = 0;
    TimePoint at;
};

// What a query was answered with: its one sample; nothing where the answer is an empty vector, as
// it is for a metric that does not exist. Errors: of a refused query, Prometheus's own name for it
// as the code and its own message: retryable "timeout", "unavailable", "internal", "canceled", and
// invalid for the others; invalid "SeveralSeries", "NotFinite", "UnusableAnswer".
Result<std::optional<PrometheusSample>> read_instant_query(const reactor::HttpResponse& response);

// `server` is its base URL; it must outlive the call. Errors: as above, and those of
// WebEndpoint::send.
reactor::Task<Result<std::optional<PrometheusSample>>> instant_query(WebEndpoint* server,
                                                                     std::string query,
                                                                     reactor::Scope scope);

}  // namespace fas::clients
