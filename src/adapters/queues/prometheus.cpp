// What a query of Prometheus's, or of a server that speaks its API, gives as a backlog.
#include "clients/brokers/prometheus.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "adapters/queues/kinds.h"
#include "adapters/queues/shared/measured.h"
#include "adapters/queues/shared/web_rows.h"
#include "base/excerpt.h"
#include "base/web_url.h"

namespace fas::adapters {

namespace {

struct PrometheusOptions {
    WebServer server;
    std::string query;
    bool empty_is_zero = false;
    bool include_in_flight = true;
};

constexpr auto prometheus_rows = join(
    std::array{
        Row{"url",
            Text{{web_base_pattern, is_web_base},
                 "an absolute http or https URL without user, query and fragment"},
            field<&PrometheusOptions::server, &WebServer::access, &clients::WebAccess::url>,
            "The server's address, to which /api/v1/query is appended.", Need::required,
            Example{"https://prometheus.internal:9090"}},
        Row{"query", Text{{Grammar::any, 1, 8192}, "a query of at most 8192 bytes"},
            field<&PrometheusOptions::query>, "An instant query in PromQL that gives one number.",
            Need::required, Example{"sum(jobs_waiting)"}},
        Row{"empty_is_zero", Flag{}, field<&PrometheusOptions::empty_is_zero>,
            "Count an empty answer as 0. Without, the backlog is unknown then, since the answer is "
            "empty for a metric that does not exist, too."},
        include_in_flight_row<&PrometheusOptions::include_in_flight>,
    },
    web_rows<&PrometheusOptions::server>);

std::string name_of_query(const PrometheusOptions& options) {
    return fmt::format("Prometheus query {}", excerpt(options.query, 100));
}

class PrometheusSource final : public QueueSource {
  public:
    PrometheusSource(const PrometheusOptions& options, QueueContext context)
        : server_(context.account.context.http, options.server.access),
          name_(name_of_query(options)),
          options_(options) {}

    reactor::Task<Result<scaling::QueueDepth>> read(reactor::Scope scope) override {
        auto answer = co_await clients::instant_query(&server_, options_.query, std::move(scope));
        if (!answer) co_return cannot_read(std::move(answer.error()));
        auto depth = depth_of(*answer);
        if (!depth) co_return cannot_read(std::move(depth.error()));
        co_return with_in_flight(std::move(*depth), options_.include_in_flight);
    }

  private:
    // What is partial is a lower bound, be it zero.
    Result<scaling::QueueDepth> depth_of(const clients::PrometheusAnswer& answer) const {
        scaling::QueueDepth depth;
        depth.missing = answer.partial;
        if (!answer.sample && options_.empty_is_zero) {
            depth.visible = Messages{0};
            depth.estimated_from = "an empty answer, which empty_is_zero counts as 0";
        } else if (!answer.sample) {
            depth.missing = fmt::format(
                "the answer to {} is empty: there is no such series, or it "
                "has no sample now{}{}",
                name_, answer.partial.empty() ? "" : "; ", answer.partial);
        } else {
            const auto count = count_of(answer.sample->value, "its value");
            if (!count) return count.error();
            depth.visible = *count;
            depth.measured_at = answer.sample->at;
        }
        return depth;
    }

    Error cannot_read(Error error) const {
        error.message = fmt::format("cannot read {} at {}: {}; {}", name_, server_.name(),
                                    error.message, web_advice(error.kind));
        return error;
    }

    clients::WebEndpoint server_;
    std::string name_;
    PrometheusOptions options_;
};

}  // namespace

const QueueKind queues::prometheus =
    queue_kind<PrometheusOptions, name_of_query, made<PrometheusSource, PrometheusOptions>,
               web_clash<PrometheusOptions>>("prometheus", prometheus_rows, "PROMETHEUS_");

}  // namespace fas::adapters
