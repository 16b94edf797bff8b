// What a query of Prometheus's, or of a server that speaks its API, gives as a backlog.
#include "clients/brokers/prometheus.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "adapters/queues/kinds.h"
#include "adapters/queues/shared/measured.h"
#include "adapters/queues/shared/web_options.h"
#include "base/excerpt.h"
#include "base/web_url.h"

namespace fas::adapters {

namespace {

bool is_query(std::string_view text) { return !text.empty() && text.size() <= 8192; }

constexpr std::array prometheus_options = {
    Option{.key = "url",
           .variable = "PROMETHEUS_URL",
           .description = "The server's address, to which /api/v1/query is appended.",
           .type = TextType{.accepted = "an absolute http or https URL without user, query and "
                                        "fragment",
                            .pattern = web_base_pattern,
                            .valid = is_web_base},
           .required = true},
    Option{.key = "query",
           .variable = "PROMETHEUS_QUERY",
           .description = "An instant query in PromQL that gives one number.",
           .type = TextType{.accepted = "a query of at most 8192 bytes",
                            .pattern = "^[\\s\\S]{1,8192}$",
                            .valid = is_query},
           .required = true},
    Option{.key = "empty_is_zero",
           .variable = "PROMETHEUS_EMPTY_IS_ZERO",
           .description = "Count an empty answer as 0. Without, the backlog is unknown then, since "
                          "the answer is empty for a metric that does not exist, too.",
           .type = BooleanType{},
           .default_value = false},
    in_flight_option("PROMETHEUS_INCLUDE_IN_FLIGHT"),
    web_user_option("PROMETHEUS_USER"),
    password_option("PROMETHEUS_PASSWORD"),
    web_token_option("PROMETHEUS_BEARER_TOKEN"),
    web_headers_option("PROMETHEUS_HEADERS"),
    ca_file_option("PROMETHEUS_CA_FILE"),
    secrets_over_http_option("PROMETHEUS_SECRETS_OVER_HTTP"),
};

std::string name_of_query(const Options& given) {
    return fmt::format("Prometheus query {}", excerpt(given.text("query"), 100));
}

class PrometheusSource final : public QueueSource {
  public:
    PrometheusSource(reactor::HttpClient& http, const Options& given)
        : server_(http, web_access(given)),
          name_(name_of_query(given)),
          query_(given.text("query")),
          empty_is_zero_(given.flag("empty_is_zero")),
          include_in_flight_(given.flag("include_in_flight")) {}

    reactor::Task<Result<scaling::QueueDepth>> read(reactor::Scope scope) override {
        auto sample = co_await clients::instant_query(&server_, query_, std::move(scope));
        if (!sample) co_return cannot_read(std::move(sample.error()));
        scaling::QueueDepth depth;
        if (!*sample) {
            depth.missing = fmt::format(
                "the answer to {} is empty: there is no such series, or it "
                "has no sample now",
                name_);
            if (empty_is_zero_) {
                depth.visible = Messages{0};
                depth.estimated_from = "an empty answer, which empty_is_zero counts as 0";
                depth.missing.clear();
            }
            co_return with_in_flight(std::move(depth), include_in_flight_);
        }
        const auto count = count_of((*sample)->value, "its value");
        if (!count) co_return cannot_read(count.error());
        depth.visible = *count;
        depth.measured_at = (*sample)->at;
        co_return with_in_flight(std::move(depth), include_in_flight_);
    }

  private:
    Error cannot_read(Error error) const {
        error.message = fmt::format("cannot read {} at {}: {}; {}", name_, server_.name(),
                                    error.message, web_advice(error.kind));
        return error;
    }

    clients::WebEndpoint server_;
    std::string name_;
    std::string query_;
    bool empty_is_zero_;
    bool include_in_flight_;
};

}  // namespace

const QueueKind queues::prometheus = {
    .name = "prometheus",
    .options = prometheus_options,
    .name_of = name_of_query,
    .problem = web_access_problem,
    .make = [](const Options& given, QueueContext context) -> std::unique_ptr<QueueSource> {
        return std::make_unique<PrometheusSource>(context.account.context.http, given);
    }};

}  // namespace fas::adapters
