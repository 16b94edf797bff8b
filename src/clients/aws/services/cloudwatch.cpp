#include "clients/aws/services/cloudwatch.h"

#include <fmt/format.h>

#include "base/json_writer.h"

namespace fas::clients {

namespace {

// The SDKs' newest releases speak CBOR with it. AWS documents the three protocols side by side, and
// its JSON is the one that needs no reader of its own here.
constexpr AwsService cloudwatch{.name = "CLOUDWATCH",
                                .signing_name = "monitoring",
                                .host_prefix = "monitoring",
                                .target_prefix = "GraniteServiceVersion20100801",
                                .protocol = Protocol::json_1_0};

constexpr int metric_pages_max = 10;

void write_metric(JsonWriter& body, const MetricQuery& query) {
    body.key("MetricStat").begin_object();
    body.key("Metric").begin_object();
    body.member("Namespace", std::string_view{query.metric.name_space});
    body.member("MetricName", std::string_view{query.metric.name});
    body.key("Dimensions").begin_array();
    for (const MetricDimension& dimension : query.metric.dimensions) {
        body.begin_object().member("Name", std::string_view{dimension.name});
        body.member("Value", std::string_view{dimension.value}).end_object();
    }
    body.end_array().end_object();
    body.member("Period", std::int64_t{query.period.count()});
    body.member("Stat", std::string_view{query.statistic}).end_object();
}

void write_query(JsonWriter& body, const MetricQuery& query) {
    body.begin_object().member("Id", std::string_view{query.id});
    if (query.expression.empty()) {
        write_metric(body, query);
    } else {
        body.member("Expression", std::string_view{query.expression});
        if (query.period.count() > 0) body.member("Period", std::int64_t{query.period.count()});
    }
    body.member("ReturnData", query.wanted).end_object();
}

std::int64_t whole_seconds(TimePoint time) {
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

std::string write_request(const std::vector<MetricQuery>& queries, const MetricWindow& window,
                          const std::string& token) {
    JsonWriter body;
    body.begin_object().key("MetricDataQueries").begin_array();
    for (const MetricQuery& query : queries) write_query(body, query);
    body.end_array();
    body.member("StartTime", whole_seconds(window.begin));
    body.member("EndTime", whole_seconds(window.end));
    body.member("ScanBy", "TimestampDescending");
    if (!token.empty()) body.member("NextToken", std::string_view{token});
    return body.end_object().take();
}

}  // namespace

// Aligned with the period, as CloudWatch advises: then it need not look up more than is asked for.
MetricWindow recent_periods(TimePoint now, std::chrono::seconds period, int count,
                            bool with_running) {
    const auto since_epoch = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch());
    const TimePoint running{since_epoch - since_epoch % period};
    return {running - period * count, with_running ? running + period : running};
}

CloudWatchClient::CloudWatchClient(AwsContext& context) : client_(context, cloudwatch) {}

reactor::Task<Result<MetricData>> CloudWatchClient::metric_data(std::vector<MetricQuery> queries,
                                                                MetricWindow window,
                                                                reactor::Scope scope) {
    MetricPages pages;
    std::string token;
    for (int page = 0; page < metric_pages_max; ++page) {
        std::string body = write_request(queries, window, token);
        auto response = co_await client_.call_json("GetMetricData", std::move(body), scope);
        if (!response) co_return response.error();
        if (auto error = pages.add(*response, token)) co_return std::move(*error);
        if (token.empty()) co_return pages.finish(*response);
    }
    co_return Error{
        .kind = ErrorKind::invalid,
        .message = fmt::format("GetMetricData did not end after {} pages; ask for fewer "
                               "metrics",
                               metric_pages_max),
        .service = std::string{cloudwatch.name},
        .code = "TooManyPages"};
}

}  // namespace fas::clients
