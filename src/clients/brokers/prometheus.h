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

struct PrometheusAnswer {
    std::optional<PrometheusSample> sample;  // absent: an empty vector, which a metric that does
                                             // not exist has, too
    std::string partial;  // why it is of a part of the data only; empty: it is of all
};

// What a query was answered with. Partial by its `warnings`, which Thanos gives for a store that
// did not answer and Prometheus for a remote one, and by VictoriaMetrics's `isPartial`; `infos` are
// about the query's text. Errors: of a refused query, Prometheus's own name for it as the code and
// its own message: retryable "timeout", "unavailable", "internal", "canceled", and invalid for the
// others; invalid "SeveralSeries", "NotFinite", "UnusableAnswer".
// https://thanos.io/tip/components/query.md/#partial-response
// https://docs.victoriametrics.com/victoriametrics/cluster-victoriametrics/#cluster-availability
Result<PrometheusAnswer> read_instant_query(const reactor::HttpResponse& response);

// `server` is its base URL; it must outlive the call. Errors: as above, and those of
// WebEndpoint::send.
reactor::Task<Result<PrometheusAnswer>> instant_query(WebEndpoint* server, std::string query,
                                                      reactor::Scope scope);

}  // namespace fas::clients
