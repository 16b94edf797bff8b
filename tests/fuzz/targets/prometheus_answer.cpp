// What Prometheus answers to an instant query: one finite number, nothing, or an error.
#include <fmt/format.h>

#include <cmath>

#include "clients/brokers/prometheus.h"
#include "json/pointer.h"
#include "tests/fuzz/fuzz.h"

namespace fas::fuzz::prometheus_answer {

namespace {

void require_written_and_read_again(const clients::PrometheusSample& sample) {
    reactor::HttpResponse written{.status = 200, .headers = {}, .body = {}};
    written.body = fmt::format(
        R"({{"status":"success","data":{{"resultType":"scalar","result":[{:.6f},"{}"]}}}})",
        to_epoch_seconds(sample.at), sample.value);
    const auto again = clients::read_instant_query(written);
    require(again && again->sample && again->sample->value == sample.value,
            "the same value is read again");
}

// What is no list of series is not an empty one, which may count as 0.
void require_empty_vector(const reactor::HttpResponse& answer) {
    const auto document = json::parse(answer.body, {.bytes_max = answer.body.size()});
    require(document.has_value(), "nothing comes of no JSON");
    const auto result = json::find_pointer(document->root(), "/data/result");
    require(result && result->is_array() && result->items().empty(),
            "nothing comes of an empty vector alone");
}

}  // namespace

void check(std::string_view input) {
    const reactor::HttpResponse answer = answer_of(input);
    const auto read = clients::read_instant_query(answer);
    if (!read) {
        require_sound(read.error());
        require(
            read.error().kind == ErrorKind::invalid || read.error().kind == ErrorKind::retryable,
            "it can be asked again, or the query or the answer is wrong");
        return;
    }
    const bool escaped = answer.body.find("\\u") != std::string::npos;
    require(escaped || answer.body.find("success") != std::string::npos,
            "only a success says anything");
    if (!read->sample) return require_empty_vector(answer);
    require(std::isfinite(read->sample->value), "a value is a number");
    require_written_and_read_again(*read->sample);
}

}  // namespace fas::fuzz::prometheus_answer
