#include "clients/cloudwatch.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/excerpt.h"
#include "base/json_writer.h"
#include "clients/aws_error.h"
#include "json/reader.h"

namespace fas::clients {

namespace {

// The SDKs' newest releases speak CBOR with it. AWS documents the three protocols side by side, and
// its JSON is the one that needs no reader of its own here.
constexpr AwsService cloudwatch{.name = "CLOUDWATCH",
                                .signing_name = "monitoring",
                                .host_prefix = "monitoring",
                                .target_prefix = "GraniteServiceVersion20100801",
                                .protocol = Protocol::json_1_0};

constexpr json::Limits answer_limits{.bytes_max = std::size_t{1} << 20U, .depth_max = 8};
constexpr int pages_max = 10;
constexpr std::size_t series_max = 1000;
constexpr std::size_t note_bytes_max = 300;

Error failure(const reactor::HttpResponse& response, ErrorKind kind, std::string code,
              std::string message) {
    return {.kind = kind,
            .message = std::move(message),
            .service = std::string{cloudwatch.name},
            .code = std::move(code),
            .http_status = response.status,
            .request_id = std::string{request_id(response)}};
}

Error unusable(const reactor::HttpResponse& response, std::string_view why) {
    return failure(response, ErrorKind::invalid, "UnusableAnswer",
                   fmt::format("GetMetricData answered something unusable: {}", why));
}

std::string_view text_of(const json::Value& object, std::string_view key) {
    const auto member = object.find(key);
    return member ? member->as_string().value_or("") : "";
}

// Of [{"Code": "ArithmeticError", "Value": "One or more ..."}], the texts.
std::string read_note(const json::Value& object) {
    std::string note;
    const auto messages = object.find("Messages");
    if (!messages) return note;
    for (const json::Value& message : messages->items()) {
        const std::string_view text = text_of(message, "Value");
        if (!note.empty()) note += "; ";
        note += excerpt(text.empty() ? text_of(message, "Code") : text, note_bytes_max);
        if (note.size() >= note_bytes_max) break;
    }
    return note;
}

std::optional<Datapoint> read_point(const json::Value& timestamp, const json::Value& number) {
    const auto value = number.as_double();
    const auto begin = from_epoch_seconds(timestamp.as_double().value_or(-1));
    if (!value || !begin) return std::nullopt;
    return Datapoint{*value, *begin};
}

// Null, or what is wrong with the answer.
const char* read_newest(const json::Value& result, std::optional<Datapoint>& newest) {
    const auto timestamps = result.find("Timestamps");
    const auto values = result.find("Values");
    if (!timestamps && !values) return nullptr;
    if (!timestamps || !values) return "a result with only one of Timestamps and Values";
    const std::vector<json::Value> times = timestamps->items();
    const std::vector<json::Value> numbers = values->items();
    if (times.size() != numbers.size()) return "a result with more Timestamps than Values, or less";
    for (std::size_t i = 0; i < times.size(); ++i) {
        const auto point = read_point(times[i], numbers[i]);
        if (!point) return "one of the Timestamps is no time, or one of the Values no number";
        if (!newest || newest->begin < point->begin) newest = point;
    }
    return nullptr;
}

// What is known of a series after some pages.
struct Reading {
    MetricSeries series;
    std::string status;
};

class Pages {
  public:
    // Nothing: the page was taken in. `next_token` is empty after the last.
    std::optional<Error> add(const reactor::HttpResponse& response, std::string& next_token) {
        const auto document = json::parse(response.body, answer_limits);
        if (!document) return unusable(response, document.error().message);
        const json::Value root = document->root();
        const auto results = root.find("MetricDataResults");
        if (!results || !results->is_array()) {
            return unusable(response, "it has no MetricDataResults");
        }
        known_ = readings_.size();
        for (const json::Value& result : results->items()) {
            if (const char* wrong = add_result(result)) return unusable(response, wrong);
        }
        if (std::string note = read_note(root); !note.empty()) note_ = std::move(note);
        next_token = text_of(root, "NextToken");
        return std::nullopt;
    }

    Result<MetricData> finish(const reactor::HttpResponse& last) {
        MetricData data;
        data.note = std::move(note_);
        for (Reading& reading : readings_) {
            if (auto error = error_of(reading, last)) return std::move(*error);
            data.series.push_back(std::move(reading.series));
        }
        return data;
    }

  private:
    const char* add_result(const json::Value& result) {
        const std::string_view id = text_of(result, "Id");
        const std::string_view label = text_of(result, "Label");
        if (id.empty()) return "a result without an Id";
        // A series goes on in the next page; within one page, two of a name are two.
        const auto begin = readings_.begin();
        const auto end = begin + static_cast<std::ptrdiff_t>(known_);
        auto found = std::find_if(begin, end, [&](const Reading& reading) {
            return reading.series.id == id && reading.series.label == label;
        });
        if (found == end) {
            if (readings_.size() == series_max) return "it has more than 1000 results";
            readings_.emplace_back();
            found = readings_.end() - 1;
            found->series.id = id;
            found->series.label = label;
        }
        found->status = text_of(result, "StatusCode");
        if (std::string note = read_note(result); !note.empty()) {
            found->series.note = std::move(note);
        }
        return read_newest(result, found->series.newest);
    }

    // What came of a partial answer is the newest, since the newest is asked for first.
    static std::optional<Error> error_of(const Reading& reading,
                                         const reactor::HttpResponse& last) {
        ErrorKind kind = ErrorKind::retryable;
        if (reading.status == "Forbidden") {
            kind = ErrorKind::denied;
        } else if (reading.status == "PartialData") {
            if (reading.series.newest) return std::nullopt;
        } else if (reading.status != "InternalError") {
            return std::nullopt;
        }
        const std::string& note = reading.series.note;
        return failure(
            last, kind, reading.status,
            fmt::format("GetMetricData has the status {} for {} ({}){}{}", reading.status,
                        reading.series.id, excerpt(reading.series.label, note_bytes_max),
                        note.empty() ? "" : ": ", note));
    }

    std::vector<Reading> readings_;
    std::size_t known_ = 0;  // of the readings, those of earlier pages
    std::string note_;
};

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

const MetricSeries* MetricData::find(std::string_view id) const {
    const auto found = std::ranges::find(series, id, &MetricSeries::id);
    return found == series.end() ? nullptr : &*found;
}

CloudWatchClient::CloudWatchClient(AwsContext& context) : client_(context, cloudwatch) {}

reactor::Task<Result<MetricData>> CloudWatchClient::metric_data(std::vector<MetricQuery> queries,
                                                                MetricWindow window,
                                                                reactor::Scope scope) {
    Pages pages;
    std::string token;
    for (int page = 0; page < pages_max; ++page) {
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
                               pages_max),
        .service = std::string{cloudwatch.name},
        .code = "TooManyPages"};
}

}  // namespace fas::clients
