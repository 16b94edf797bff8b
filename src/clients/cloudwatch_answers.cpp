#include "clients/cloudwatch_answers.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/excerpt.h"
#include "clients/aws_error.h"

namespace fas::clients {

namespace {

constexpr std::string_view service = "CLOUDWATCH";
constexpr json::Limits answer_limits{.bytes_max = std::size_t{1} << 20U, .depth_max = 8};
constexpr std::size_t series_max = 1000;
constexpr std::size_t note_bytes_max = 300;

Error failure(const reactor::HttpResponse& response, ErrorKind kind, std::string code,
              std::string message) {
    return {.kind = kind,
            .message = std::move(message),
            .service = std::string{service},
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
const char* read_points(const json::Value& result, MetricSeries& series) {
    const auto timestamps = result.find("Timestamps");
    const auto values = result.find("Values");
    if (!timestamps && !values) return nullptr;
    if (!timestamps || !values) return "a result with only one of Timestamps and Values";
    if (!timestamps->is_array() || !values->is_array()) return "no lists of Timestamps and Values";
    const std::vector<json::Value> times = timestamps->items();
    const std::vector<json::Value> numbers = values->items();
    if (times.size() != numbers.size()) return "a result with more Timestamps than Values, or less";
    for (std::size_t i = 0; i < times.size(); ++i) {
        const auto point = read_point(times[i], numbers[i]);
        if (!point) return "one of the Timestamps is no time, or one of the Values no number";
        if (!series.newest || series.newest->begin < point->begin) series.newest = point;
        series.total += point->value;
    }
    return nullptr;
}

}  // namespace

const MetricSeries* MetricData::find(std::string_view id) const {
    const auto found = std::ranges::find(series, id, &MetricSeries::id);
    return found == series.end() ? nullptr : &*found;
}

std::optional<Error> MetricPages::add(const reactor::HttpResponse& response,
                                      std::string& next_token) {
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

Result<MetricData> MetricPages::finish(const reactor::HttpResponse& last) {
    MetricData data;
    data.note = std::move(note_);
    for (Reading& reading : readings_) {
        if (auto error = error_of(reading, last)) return std::move(*error);
        data.series.push_back(std::move(reading.series));
    }
    return data;
}

const char* MetricPages::add_result(const json::Value& result) {
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
    return read_points(result, found->series);
}

// What came of a partial answer is the newest, since the newest is asked for first.
std::optional<Error> MetricPages::error_of(const Reading& reading,
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
                    excerpt(reading.series.id, note_bytes_max),
                    excerpt(reading.series.label, note_bytes_max), note.empty() ? "" : ": ", note));
}

}  // namespace fas::clients
