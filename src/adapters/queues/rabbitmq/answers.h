// What RabbitMQ's management API says of queues. Pure.
// https://www.rabbitmq.com/docs/http-api-reference
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "clients/answers/json_answer.h"
#include "reactor/http.h"
#include "scaling/observation.h"

namespace fas::adapters {

// The fields that are asked for of each queue.
constexpr std::string_view rabbitmq_columns =
    "name,type,state,messages_ready,messages_unacknowledged,head_message_timestamp,"
    "message_stats.publish_details.rate,message_stats.deliver_get_details.rate";

// The answer to an error, in RabbitMQ's words: denied (401 for a wrong password, a user without a
// management tag, and one without rights on the virtual host alike), not_found, retryable, invalid.
Error rabbitmq_error(const reactor::HttpResponse& response);

// The sum over several queues, page by page.
class QueueSum {
  public:
    // The clock's time, which ages count from.
    explicit QueueSum(TimePoint now) : now_(now) {}

    // One queue's answer, or a page of them. Errors: invalid "UnusableAnswer"; invalid
    // "StreamQueue" for one of the type stream, which keeps what was read: its messages are no
    // backlog. https://www.rabbitmq.com/docs/streams
    std::optional<Error> add_queue(const reactor::HttpResponse& response);
    std::optional<Error> add_page(const reactor::HttpResponse& response);

    std::int64_t queues() const { return queues_; }
    // Of the page added last: how many pages there are.
    std::int64_t pages() const { return pages_; }

    // What is not known of some queues is told in `missing`. Errors: retryable "NoCounts" when it
    // is not known of any: the queue is down, or RabbitMQ has no statistics of it. Rates are those
    // of the queues that have any: RabbitMQ leaves out the rate of what has never happened.
    Result<scaling::QueueDepth> depth() const;

  private:
    struct Queue;
    void add(const Queue& queue);
    std::optional<Error> wrong_with(const clients::JsonAnswer& answer) const;

    TimePoint now_;
    std::int64_t queues_ = 0;
    std::int64_t counted_ = 0;
    std::int64_t pages_ = 0;
    Messages visible_;
    Messages in_flight_;
    std::optional<Seconds> oldest_age_;
    std::optional<double> publish_rate_;
    std::optional<double> delivery_rate_;
    std::string first_unknown_;  // and why
    std::string stream_;         // the first of the type stream
};

}  // namespace fas::adapters
