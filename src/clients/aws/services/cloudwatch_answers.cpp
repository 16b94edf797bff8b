#include "clients/aws/services/cloudwatch_answers.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/excerpt.h"
#include "clients/answers/json_answer.h"

namespace fas::clients {

namespace {

constexpr std::string_view cloudwatch_name = "CLOUDWATCH";
constexpr std::string_view get_metric_data = "GetMetricData";
constexpr std::string_view partial_data = "PartialData";
constexpr json::Limits metrics_limits{.bytes_max = std::size_t{1} << 20U, .depth_max = 8};
constexpr std::size_t series_max = 1000;
constexpr std::size_t note_bytes_max = 300;

// Of [{"Code": "ArithmeticError", "Value": "One or more ..."}], the texts.
std::string read_note(const std::vector<json::Value>& messages) {
    std::string note;
    for (const json::Value& message : messages) {
        const std::string_view text = message.text_at("Value");
        if (!note.empty()) note += "; ";
        note += excerpt(text.empty() ? message.text_at("Code") : text, note_bytes_max);
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
        if (!point) return "one of the Timestamps is not a time, or one of the Values not a number";
        if (!series.newest || series.newest->begin < point->begin) series.newest = point;
        series.total += point->value;
        series.points.push_back(*point);
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
    JsonAnswer answer{cloudwatch_name, get_metric_data, response, metrics_limits};
    const JsonPart root = answer.root();
    known_ = readings_.size();
    for (const json::Value& result : root.list("MetricDataResults")) {
        if (const char* wrong = add_result(result)) return answer.unusable(wrong);
    }
    if (std::string note = read_note(root.items_at("Messages")); !note.empty()) {
        note_ = std::move(note);
    }
    next_token = root.text_at("NextToken");
    return answer.wrong();
}

Result<MetricData> MetricPages::finish(const reactor::HttpResponse& last) {
    MetricData data;
    data.note = std::move(note_);
    for (Reading& reading : readings_) {
        if (auto error = error_of(reading, last)) return std::move(*error);
        if (reading.status == partial_data) {
            const std::string& note = reading.series.note;
            reading.series.partial =
                fmt::format("CloudWatch gives a part of the data only ({}){}{}", partial_data,
                            note.empty() ? "" : ": ", note);
        }
        data.series.push_back(std::move(reading.series));
    }
    return data;
}

const char* MetricPages::add_result(const json::Value& result) {
    const std::string_view id = result.text_at("Id");
    const std::string_view label = result.text_at("Label");
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
    found->status = result.text_at("StatusCode");
    if (std::string note = read_note(result.items_at("Messages")); !note.empty()) {
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
    } else if (reading.status == partial_data) {
        if (reading.series.newest) return std::nullopt;
    } else if (reading.status != "InternalError") {
        return std::nullopt;
    }
    const std::string& note = reading.series.note;
    return Answer{cloudwatch_name, get_metric_data, last}.error(
        kind, reading.status,
        fmt::format("GetMetricData has the status {} for {} ({}){}{}", reading.status,
                    excerpt(reading.series.id, note_bytes_max),
                    excerpt(reading.series.label, note_bytes_max), note.empty() ? "" : ": ", note));
}

}  // namespace fas::clients
