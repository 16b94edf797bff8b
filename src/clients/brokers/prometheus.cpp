#include "clients/brokers/prometheus.h"

#include <fmt/format.h>

#include <cmath>

#include "base/excerpt.h"
#include "base/parse_number.h"
#include "base/take.h"
#include "base/uri_encode.h"
#include "clients/answers/json_answer.h"

namespace fas::clients {

namespace {

constexpr json::Limits query_limits{.bytes_max = std::size_t{1} << 20U, .depth_max = 16};
constexpr std::size_t query_error_bytes_max = 300;

Error refused(const Answer& answer, const JsonPart& root, int status) {
    const std::string_view type = excerpt(root.text_at("errorType"), 40);
    const std::string_view why = excerpt(root.text_at("error"), query_error_bytes_max);
    const bool later = type == "timeout" || type == "unavailable" || type == "internal" ||
                       type == "canceled" || status >= 500;
    return answer.error(later ? ErrorKind::retryable : ErrorKind::invalid, type,
                        fmt::format("Prometheus refuses the query ({}): {}", type, why));
}

// [1435781451.781, "1"]: values are texts, so that they can be NaN and infinite.
Result<PrometheusSample> read_sample(const Answer& answer, const json::Value& pair) {
    const std::vector<json::Value> parts = pair.items();
    if (parts.size() != 2) return answer.unusable("a sample is not a time and a value");
    const auto at = from_epoch_seconds(parts[0].as_double().value_or(-1));
    if (!at) return answer.unusable("a sample's time is not a time");
    std::string_view text = parts[1].as_string().value_or("");
    const std::string_view shown = excerpt(text, 10);
    take(text, '+');
    const auto value = parse_number<double>(text);
    if (!value) return answer.unusable("a sample's value is not a number");
    if (!std::isfinite(*value)) {
        return answer.error(ErrorKind::invalid, "NotFinite",
                            fmt::format("the query's value is {}: it divides by nothing, or has no "
                                        "data to go by",
                                        shown));
    }
    return PrometheusSample{*value, *at};
}

// A refused query has a JSON answer under one of these. Others' answers under them have none.
bool may_be_refused_query(const reactor::HttpResponse& response) {
    const bool status = response.status == 400 || response.status == 422 || response.status == 503;
    return status && response.header("Content-Type").starts_with("application/json");
}

// Whatever stands there beside null and an empty list is a warning.
std::string warning_of(const JsonPart& root) {
    const auto warnings = root.find("warnings");
    if (!warnings || warnings->is_null()) return {};
    const std::vector<json::Value> all = warnings->items();
    if (warnings->is_array() && all.empty()) return {};
    const std::string_view first = warnings->is_array() ? all.front().as_string().value_or("")
                                                        : warnings->as_string().value_or("");
    const std::string more = all.size() > 1 ? fmt::format(" (and {} more)", all.size() - 1) : "";
    return fmt::format("the server warns: {}{}", excerpt(first, query_error_bytes_max), more);
}

std::string why_partial(const JsonPart& root) {
    const auto flag = root.find("isPartial");
    if (flag && flag->as_bool().value_or(false)) {
        return "the server says that the answer is partial (isPartial): not all of its storage "
               "nodes answered";
    }
    return warning_of(root);
}

// Nothing: an empty vector.
Result<std::optional<PrometheusSample>> read_result(const Answer& answer, std::string_view type,
                                                    const json::Value& result) {
    std::optional<json::Value> pair = result;
    if (type == "vector") {
        const std::vector<json::Value> series = result.items();
        if (!result.is_array()) return answer.unusable("its result is no list");
        if (series.empty()) return std::optional<PrometheusSample>{};
        if (series.size() > 1) {
            return answer.error(
                ErrorKind::invalid, "SeveralSeries",
                fmt::format("the query gives {} series, and one number is needed: put sum(...) or "
                            "max(...) around it, or select one",
                            series.size()));
        }
        pair = series.front().find("value");
        if (!pair) return answer.unusable("a series has no value (a histogram has none)");
    } else if (type != "scalar") {
        return answer.error(
            ErrorKind::invalid, "UnusableAnswer",
            fmt::format("the query gives a {}, and one number is needed: leave out the range, or "
                        "put sum(...) around it",
                        excerpt(type, 20)));
    }
    auto sample = read_sample(answer, *pair);
    if (!sample) return std::move(sample.error());
    return std::optional{*sample};
}

}  // namespace

Result<PrometheusAnswer> read_instant_query(const reactor::HttpResponse& response) {
    JsonAnswer answer{"Prometheus", "Prometheus", response, query_limits};
    const JsonPart root = answer.root();
    if (root.text_at("status") == "error") return refused(answer, root, response.status);
    if (root.text("status") != "success") answer.lacks("status that is known");
    const JsonPart data = root.part("data");
    const std::string_view type = data.text("resultType");
    const auto result = data.find("result");
    if (!result) answer.lacks("result");
    if (answer.wrong()) return *answer.wrong();
    auto sample = read_result(answer, type, *result);
    if (!sample) return std::move(sample.error());
    return PrometheusAnswer{*sample, why_partial(root)};
}

reactor::Task<Result<PrometheusAnswer>> instant_query(WebEndpoint* server, std::string query,
                                                      reactor::Scope scope) {
    WebRequest request;
    request.method = "POST";  // a query can be longer than servers let a URL be
    request.target = "/api/v1/query";
    request.headers.push_back({"Content-Type", "application/x-www-form-urlencoded"});
    request.body = "query=" + uri_encode(query);
    request.readable = may_be_refused_query;
    auto response = co_await server->send(std::move(request), std::move(scope));
    if (!response) co_return response.error();
    co_return read_instant_query(*response);
}

}  // namespace fas::clients
