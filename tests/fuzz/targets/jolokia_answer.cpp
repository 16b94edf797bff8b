// What Jolokia says of an ActiveMQ queue, asked of a named broker and of whichever there is.
#include "adapters/queues/activemq/jolokia.h"
#include "base/json_writer.h"
#include "tests/fuzz/fuzz.h"

namespace fas::fuzz::jolokia_answer {

namespace {

void require_written_and_read_again(const scaling::QueueDepth& depth) {
    JsonWriter json;
    json.begin_object().member("status", 200).key("value").begin_object();
    json.member("QueueSize", (*depth.visible + *depth.in_flight).value);
    json.member("InFlightCount", depth.in_flight->value).member("Name", "jobs");
    json.end_object().end_object();
    const reactor::HttpResponse written{.status = 200, .headers = {}, .body = json.take()};
    const auto again = adapters::read_jolokia_answer(written, {"main", "jobs"});
    require(again && again->visible == depth.visible && again->in_flight == depth.in_flight,
            "the same counts are read again");
}

void check_as(const reactor::HttpResponse& answer, const adapters::AmqQueue& queue) {
    const auto depth = adapters::read_jolokia_answer(answer, queue);
    if (!depth) {
        const ErrorKind kind = depth.error().kind;
        require_sound(depth.error());
        require(!depth.error().code.empty(), "an error has a code");
        require(kind != ErrorKind::conflict && kind != ErrorKind::cancelled,
                "the header says which errors there are");
        return;
    }
    require(answer.body.find("\\u") != std::string::npos ||
                answer.body.find("jobs") != std::string::npos,
            "the answer is of this queue");
    require_sound(*depth);
    require(depth->visible && depth->in_flight, "both counts are known");
    require(depth->missing.empty() || *depth->visible == Messages{0},
            "counts that contradict each other leave nothing visible");
    require_written_and_read_again(*depth);
}

}  // namespace

void check(std::string_view input) {
    const reactor::HttpResponse answer = answer_of(input);
    check_as(answer, {"", "jobs"});
    check_as(answer, {"main", "jobs"});
    if (answer.status == 200 && adapters::refuses_method(answer)) {
        require(!adapters::read_jolokia_answer(answer, {"main", "jobs"}),
                "a refusal has no counts");
    }
}

}  // namespace fas::fuzz::jolokia_answer
