// What RabbitMQ's management API says: of one queue, of a page of them, and in an error.
#include <fmt/format.h>

#include "adapters/queues/rabbitmq/answers.h"
#include "tests/fuzz/fuzz.h"

namespace fas::fuzz::rabbitmq_queues {

namespace {

const TimePoint now = *from_epoch_seconds(1'795'435'200);

void require_unusable(const Error& error) {
    require_sound(error);
    require(error.code == "UnusableAnswer" && error.kind == ErrorKind::invalid,
            "an answer that is not understood is invalid");
}

// Of a sum that has taken in an answer; gives what is known.
std::optional<scaling::QueueDepth> sound_depth(const adapters::QueueSum& sum) {
    auto depth = sum.depth();
    if (!depth) {
        require_sound(depth.error());
        require(depth.error().code == "NoCounts" && depth.error().kind == ErrorKind::retryable,
                "statistics come later");
        return std::nullopt;
    }
    require(sum.queues() > 0, "without a queue there is no count");
    require_sound(*depth);
    require(depth->visible && depth->in_flight, "both counts are known");
    return std::move(*depth);
}

void check_queue(const reactor::HttpResponse& answer) {
    adapters::QueueSum sum{now};
    if (const auto wrong = sum.add_queue(answer)) return require_unusable(*wrong);
    require(sum.queues() == 1, "one queue was asked for");
    const auto depth = sound_depth(sum);
    require(!depth || depth->missing.empty(), "one queue is known or is not");
}

void check_page(const reactor::HttpResponse& answer) {
    adapters::QueueSum once{now};
    if (const auto wrong = once.add_page(answer)) return require_unusable(*wrong);
    require(once.queues() >= 0 && once.pages() >= 0, "no fewer than 0 queues and pages");
    adapters::QueueSum twice{now};
    require(!twice.add_page(answer) && !twice.add_page(answer), "a page is read at any time");
    require(twice.queues() == 2 * once.queues(), "queues add up");

    const auto depth = sound_depth(once);
    const auto doubled = sound_depth(twice);
    require(depth.has_value() == doubled.has_value(), "no more is known of two");
    if (!depth) return;
    require(*doubled->visible == *depth->visible + *depth->visible, "what is visible adds up");
    require(*doubled->in_flight == *depth->in_flight + *depth->in_flight,
            "what is in flight adds up");
    require(doubled->oldest_age == depth->oldest_age, "the oldest is as old");
    require(doubled->missing.empty() == depth->missing.empty(), "what is missing stays so");
}

void check_error(const reactor::HttpResponse& answer) {
    const Error error = adapters::rabbitmq_error(answer);
    require_sound(error);
    require(error.code == fmt::format("HTTP{}", answer.status), "the code is the HTTP status");
    require(error.kind == ErrorKind::retryable || answer.status < 500,
            "a server's failure is worth another attempt");
}

}  // namespace

void check(std::string_view input) {
    const reactor::HttpResponse answer = answer_of(input);
    check_queue(answer);
    check_page(answer);
    check_error(answer);
}

}  // namespace fas::fuzz::rabbitmq_queues
