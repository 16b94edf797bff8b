// What CloudWatch says of metrics: the input is the pages of an answer, with a line "----" between
// them.
#include <algorithm>
#include <cmath>

#include "base/json_writer.h"
#include "clients/aws/services/cloudwatch_answers.h"
#include "tests/fuzz/fuzz.h"

namespace fas::fuzz::metric_data {

namespace {

constexpr std::size_t pages_max = 10;
constexpr std::string_view page_break = "\n----\n";

Result<clients::MetricData> read(std::string_view input) {
    clients::MetricPages pages;
    std::string token;
    for (std::size_t i = 0;; ++i) {
        const std::size_t end = std::min(input.find(page_break), input.size());
        const reactor::HttpResponse answer = answer_of(input.substr(0, end));
        if (auto error = pages.add(answer, token)) return std::move(*error);
        if (end == input.size() || i == pages_max) return pages.finish(answer);
        input.remove_prefix(end + page_break.size());
    }
}

// Where there is no value, the answer has an empty list or none, and nothing else in their place:
// no value may count as 0.
void require_no_values(std::string_view page) {
    const reactor::HttpResponse answer = answer_of(page);
    const auto document = json::parse(answer.body, {.bytes_max = answer.body.size()});
    require(document.has_value(), "nothing comes of no JSON");
    const auto results = document->root().find("MetricDataResults");
    for (const json::Value& result : results->items()) {
        const auto values = result.find("Values");
        require(!values || values->is_array(), "values are a list");
    }
}

void require_sound_series(const clients::MetricSeries& series) {
    require(!series.id.empty(), "a series is that of a query");
    require(series.note.size() <= 700, "a note is of bounded length");
    if (!series.newest) return require(series.total == 0, "without a value there is no total");
    require(std::isfinite(series.newest->value), "a value is a number");
    require(parse_iso8601(to_iso8601(series.newest->begin)) == series.newest->begin,
            "its time can be written");
}

void write(JsonWriter& json, const clients::MetricSeries& series) {
    json.begin_object().member("Id", std::string_view{series.id});
    json.member("Label", std::string_view{series.label}).member("StatusCode", "Complete");
    json.key("Timestamps").begin_array();
    if (series.newest) json.value(to_epoch_seconds(series.newest->begin));
    json.end_array().key("Values").begin_array();
    if (series.newest) json.value(series.newest->value);
    json.end_array().end_object();
}

bool same_newest(const clients::MetricSeries& a, const clients::MetricSeries& b) {
    return a.id == b.id && a.label == b.label && a.newest.has_value() == b.newest.has_value() &&
           (!a.newest || a.newest->value == b.newest->value);
}

void require_written_and_read_again(const clients::MetricData& data) {
    JsonWriter json;
    json.begin_object().key("MetricDataResults").begin_array();
    for (const clients::MetricSeries& series : data.series) write(json, series);
    json.end_array().end_object();
    const auto again = read(json.text());
    require(again && std::ranges::equal(again->series, data.series, same_newest),
            "the same values are read again");
}

}  // namespace

void check(std::string_view input) {
    const auto data = read(input);
    if (!data) {
        const ErrorKind kind = data.error().kind;
        require_sound(data.error());
        require(!data.error().code.empty(), "an error has a code");
        require(
            kind == ErrorKind::invalid || kind == ErrorKind::denied || kind == ErrorKind::retryable,
            "the header says which errors there are");
        return;
    }
    require(data->series.size() <= 1000, "no more series than can be shown");
    require(data->note.size() <= 700, "a note is of bounded length");
    for (const clients::MetricSeries& series : data->series) {
        require_sound_series(series);
        require(data->find(series.id)->id == series.id, "a series is found by its query");
    }
    require_written_and_read_again(*data);
    if (input.find(page_break) == std::string_view::npos) require_no_values(input);
}

}  // namespace fas::fuzz::metric_data
