#include "clients/prometheus.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "base/excerpt.h"
#include "json/reader.h"
#include "sigv4/uri.h"

namespace fas::clients {

namespace {

constexpr json::Limits answer_limits{.bytes_max = std::size_t{1} << 20U, .depth_max = 16};
constexpr std::size_t message_bytes_max = 300;

Error failure(ErrorKind kind, std::string_view code, std::string message, int http_status) {
    return {.kind = kind,
            .message = std::move(message),
            .service = "Prometheus",
            .code = std::string{code},
            .http_status = http_status};
}

Error unusable(const reactor::HttpResponse& response, std::string_view why) {
    return failure(ErrorKind::invalid, "UnusableAnswer",
                   fmt::format("the answer is none of Prometheus's: {}", why), response.status);
}

std::string_view text_of(const json::Value& object, std::string_view key) {
    const auto member = object.find(key);
    return member ? member->as_string().value_or("") : "";
}

Error refused(const json::Value& root, const reactor::HttpResponse& response) {
    const std::string_view type = excerpt(text_of(root, "errorType"), 40);
    const std::string_view why = excerpt(text_of(root, "error"), message_bytes_max);
    const bool later = type == "timeout" || type == "unavailable" || type == "internal" ||
                       type == "canceled" || response.status >= 500;
    return failure(later ? ErrorKind::retryable : ErrorKind::invalid, type,
                   fmt::format("Prometheus refuses the query ({}): {}", type, why),
                   response.status);
}

// [1435781451.781, "1"]: values are texts, so that they can be NaN and infinite.
Result<std::optional<PrometheusSample>> read_sample(const json::Value& pair,
                                                    const reactor::HttpResponse& response) {
    const std::vector<json::Value> parts = pair.items();
    if (parts.size() != 2) return unusable(response, "a sample is not a time and a value");
    const auto at = from_epoch_seconds(parts[0].as_double().value_or(-1));
    if (!at) return unusable(response, "a sample's time is none");
    const std::string_view text = parts[1].as_string().value_or("");
    double value = 0;
    std::string_view digits = text;
    if (digits.starts_with('+')) digits.remove_prefix(1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size()) {
        return unusable(response, "a sample's value is no number");
    }
    if (!std::isfinite(value)) {
        return failure(ErrorKind::invalid, "NotFinite",
                       fmt::format("the query's value is {}: it divides by nothing, or has no data "
                                   "to go by",
                                   excerpt(text, 10)),
                       response.status);
    }
    return std::optional{PrometheusSample{value, *at}};
}

// A refused query has a JSON answer under one of these. Others' answers under them have none.
bool may_be_refused_query(const reactor::HttpResponse& response) {
    const bool status = response.status == 400 || response.status == 422 || response.status == 503;
    return status && response.header("Content-Type").starts_with("application/json");
}

}  // namespace

Result<std::optional<PrometheusSample>> read_instant_query(const reactor::HttpResponse& response) {
    const auto document = json::parse(response.body, answer_limits);
    if (!document) return unusable(response, document.error().message);
    const json::Value root = document->root();
    const std::string_view status = text_of(root, "status");
    if (status == "error") return refused(root, response);
    const auto data = root.find("data");
    const auto result = data ? data->find("result") : std::nullopt;
    if (status != "success" || !result) return unusable(response, "it has no status and result");
    const std::string_view type = text_of(*data, "resultType");
    if (type == "scalar") return read_sample(*result, response);
    if (type != "vector") {
        return failure(ErrorKind::invalid, "UnusableAnswer",
                       fmt::format("the query gives a {}, and one number is needed: leave out the "
                                   "range, or put sum(...) around it",
                                   excerpt(type, 20)),
                       response.status);
    }
    if (!result->is_array()) return unusable(response, "its vector is no list");
    const std::vector<json::Value> series = result->items();
    if (series.empty()) return std::optional<PrometheusSample>{};
    if (series.size() > 1) {
        return failure(ErrorKind::invalid, "SeveralSeries",
                       fmt::format("the query gives {} series, and one number is needed: put "
                                   "sum(...) or max(...) around it, or select one",
                                   series.size()),
                       response.status);
    }
    const auto value = series.front().find("value");
    if (!value) return unusable(response, "a series has no value (a histogram has none)");
    return read_sample(*value, response);
}

reactor::Task<Result<std::optional<PrometheusSample>>> instant_query(WebEndpoint* server,
                                                                     std::string query,
                                                                     reactor::Scope scope) {
    WebRequest request;
    request.method = "POST";  // a query can be longer than servers let a URL be
    request.target = "/api/v1/query";
    request.headers.push_back({"Content-Type", "application/x-www-form-urlencoded"});
    request.body = "query=";
    sigv4::append_uri_encoded(request.body, query);
    request.readable = may_be_refused_query;
    auto response = co_await server->send(std::move(request), std::move(scope));
    if (!response) co_return response.error();
    co_return read_instant_query(*response);
}

}  // namespace fas::clients
