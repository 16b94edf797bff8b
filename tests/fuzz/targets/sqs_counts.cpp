// What SQS says of a queue: a count that is not there, or is none, is never taken for 0.
#include "base/json_writer.h"
#include "clients/aws/services/sqs.h"
#include "json/reader.h"
#include "tests/fuzz/fuzz.h"

namespace fas::fuzz::sqs_counts {

namespace {

std::string answer_with(const clients::QueueCounts& counts) {
    JsonWriter json;
    json.begin_object().key("Attributes").begin_object();
    json.member("ApproximateNumberOfMessages", std::to_string(counts.visible.value));
    json.member("ApproximateNumberOfMessagesNotVisible", std::to_string(counts.in_flight.value));
    json.end_object().end_object();
    return json.take();
}

}  // namespace

void check(std::string_view input) {
    const reactor::HttpResponse answer = answer_of(input);
    const auto counts = clients::read_queue_counts(answer, clients::Delayed::leave_out);
    if (!counts) {
        require_sound(counts.error());
        require(counts.error().kind == ErrorKind::invalid, "an unusable answer is invalid");
        return;
    }
    require(counts->visible >= Messages{0}, "no fewer than 0 messages wait");
    require(counts->in_flight >= Messages{0}, "no fewer than 0 messages are in flight");
    const bool escaped = answer.body.find("\\u") != std::string::npos;
    for (const Messages count : {counts->visible, counts->in_flight}) {
        require(escaped || answer.body.find(std::to_string(count.value)) != std::string::npos,
                "a count stands in the answer");
    }

    reactor::HttpResponse written{.status = 200, .headers = {}, .body = answer_with(*counts)};
    const auto again = clients::read_queue_counts(written, clients::Delayed::leave_out);
    require(again && again->visible == counts->visible && again->in_flight == counts->in_flight,
            "the same counts are read again");
}

}  // namespace fas::fuzz::sqs_counts
