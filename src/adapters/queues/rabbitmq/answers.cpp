#include "adapters/queues/rabbitmq/answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>

#include "base/excerpt.h"
#include "clients/answers/json_answer.h"
#include "clients/brokers/web_endpoint.h"

namespace fas::adapters {

namespace {

constexpr std::string_view service_name = "RabbitMQ";
constexpr std::string_view management_api = "RabbitMQ's management API";
constexpr json::Limits page_limits{.bytes_max = std::size_t{1} << 20U, .depth_max = 8};
constexpr std::size_t reason_bytes_max = 200;
// More than a queue can hold, and little enough for the sum over all that pages can name.
constexpr std::int64_t count_max = std::int64_t{1} << 40U;
constexpr double rate_max = 1e12;
// Publishers' clocks differ from ours; what is further ahead is no time in seconds.
constexpr Seconds clock_difference_max{300};

// Of states in which counts are old, or nobody's.
constexpr std::array<std::string_view, 6> down_states{"down",     "crashed",    "stopped",
                                                      "minority", "terminated", "recovering"};

std::optional<std::int64_t> count(const clients::JsonPart& queue, std::string_view key) {
    const auto number = queue.count_at(key);
    return number && *number <= count_max ? number : std::nullopt;
}

// Messages a second, of message_stats.
std::optional<double> rate(const clients::JsonPart& queue, std::string_view details) {
    const auto stats = queue.find("message_stats");
    const auto of = stats ? stats->find(details) : std::nullopt;
    const auto member = of ? of->find("rate") : std::nullopt;
    const auto number = member ? member->as_double() : std::nullopt;
    if (!number || *number < 0 || *number > rate_max) return std::nullopt;
    return number;
}

void add_rate(std::optional<double>& sum, std::optional<double> rate) {
    if (rate) sum = sum.value_or(0) + *rate;
}

}  // namespace

struct QueueSum::Queue {
    std::string_view name;
    std::string_view type;
    std::string_view state;
    std::optional<std::int64_t> ready;
    std::optional<std::int64_t> unacknowledged;
    std::optional<std::int64_t> head_timestamp;  // in seconds since 1970
    std::optional<double> publish_rate;
    std::optional<double> delivery_rate;

    explicit Queue(const clients::JsonPart& queue)
        : name(queue.some_text("name")),
          type(queue.text_at("type")),
          state(queue.text_at("state")),
          ready(count(queue, "messages_ready")),
          unacknowledged(count(queue, "messages_unacknowledged")),
          head_timestamp(count(queue, "head_message_timestamp")),
          publish_rate(rate(queue, "publish_details")),
          delivery_rate(rate(queue, "deliver_get_details")) {}
};

Error rabbitmq_error(const reactor::HttpResponse& response) {
    std::string reason;
    if (const auto document = json::parse(response.body, page_limits)) {
        reason = excerpt(document->root().text_at("reason"), reason_bytes_max);
    }
    if (!reason.empty()) reason.insert(0, ": ");
    return {
        .kind = clients::kind_of_status(response.status),
        .message = fmt::format("RabbitMQ refuses with HTTP status {}{}", response.status, reason),
        .service = std::string{service_name},
        .code = fmt::format("HTTP{}", response.status),
        .http_status = response.status};
}

std::optional<Error> QueueSum::add_queue(const reactor::HttpResponse& response) {
    clients::JsonAnswer answer{service_name, management_api, response, page_limits};
    add(Queue{answer.root()});
    return wrong_with(answer);
}

std::optional<Error> QueueSum::add_page(const reactor::HttpResponse& response) {
    clients::JsonAnswer answer{service_name, management_api, response, page_limits};
    const clients::JsonPart page = answer.root();
    for (const json::Value& item : page.list("items")) add(Queue{{answer, item}});
    pages_ = page.count("page_count");
    return wrong_with(answer);
}

std::optional<Error> QueueSum::wrong_with(const clients::JsonAnswer& answer) const {
    if (answer.wrong() || stream_.empty()) return answer.wrong();
    return answer.error(ErrorKind::invalid, "StreamQueue",
                        fmt::format("{} is a stream, which keeps its messages when they are read: "
                                    "how many there are is no backlog",
                                    stream_));
}

void QueueSum::add(const Queue& queue) {
    ++queues_;
    if (queue.type == "stream" && stream_.empty()) {
        stream_ = excerpt(queue.name, reason_bytes_max);
    }
    const bool down = std::ranges::find(down_states, queue.state) != down_states.end();
    if (down || !queue.ready || !queue.unacknowledged) {
        if (first_unknown_.empty()) {
            first_unknown_ =
                fmt::format("{} {}", excerpt(queue.name, reason_bytes_max),
                            down ? fmt::format("is {}", queue.state) : "has no statistics (yet)");
        }
        return;
    }
    ++counted_;
    visible_ += Messages{*queue.ready};
    in_flight_ += Messages{*queue.unacknowledged};
    add_rate(publish_rate_, queue.publish_rate);
    add_rate(delivery_rate_, queue.delivery_rate);
    if (!queue.head_timestamp || *queue.head_timestamp == 0) return;
    const auto head = from_epoch_seconds(static_cast<double>(*queue.head_timestamp));
    if (!head) return;
    const Seconds age = now_ - *head;
    if (age < -clock_difference_max) return;
    oldest_age_ = std::max({oldest_age_.value_or(Seconds{0}), age, Seconds{0}});
}

Result<scaling::QueueDepth> QueueSum::depth() const {
    if (counted_ == 0) {
        return Error{.kind = ErrorKind::retryable,
                     .message = fmt::format("RabbitMQ gives no counts: {}", first_unknown_),
                     .service = std::string{service_name},
                     .code = "NoCounts"};
    }
    scaling::QueueDepth depth;
    depth.visible = visible_;
    depth.in_flight = in_flight_;
    depth.oldest_age = oldest_age_;
    depth.publish_rate = publish_rate_;
    depth.delivery_rate = delivery_rate_;
    if (counted_ < queues_) {
        depth.missing =
            fmt::format("{} of {} queues gave no counts: {}{}", queues_ - counted_, queues_,
                        first_unknown_, queues_ - counted_ > 1 ? ", and others" : "");
    }
    return depth;
}

}  // namespace fas::adapters
