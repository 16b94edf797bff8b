#include "clients/sqs.h"

#include <fmt/format.h>

#include <charconv>

#include "base/json_writer.h"
#include "clients/aws_error.h"
#include "json/reader.h"

namespace fas::clients {

namespace {

constexpr AwsService sqs{.name = "SQS",
                         .signing_name = "sqs",
                         .host_prefix = "sqs",
                         .target_prefix = "AmazonSQS",
                         .protocol = Protocol::json_1_0};

constexpr std::string_view visible_count = "ApproximateNumberOfMessages";
constexpr std::string_view in_flight_count = "ApproximateNumberOfMessagesNotVisible";
constexpr std::string_view delayed_count = "ApproximateNumberOfMessagesDelayed";

constexpr json::Limits answer_limits{.bytes_max = std::size_t{64} << 10U, .depth_max = 8};

Error unusable(const reactor::HttpResponse& response, std::string why) {
    return {.kind = ErrorKind::invalid,
            .message = "GetQueueAttributes answered something unusable: " + std::move(why),
            .service = std::string{sqs.name},
            .code = "UnusableAnswer",
            .http_status = response.status,
            .request_id = std::string{request_id(response)}};
}

std::string lacking(std::string_view name) { return "no " + std::string{name}; }

// SQS writes its numbers as strings.
std::optional<Messages> read_count(const json::Value& attributes, std::string_view name) {
    const auto attribute = attributes.find(name);
    const auto text = attribute ? attribute->as_string() : std::nullopt;
    if (!text) return std::nullopt;
    std::int64_t count = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), count);
    if (error != std::errc{} || end != text->data() + text->size() || count < 0) {
        return std::nullopt;
    }
    return Messages{count};
}

}  // namespace

Result<QueueCounts> read_queue_counts(const reactor::HttpResponse& response, Delayed delayed) {
    const auto document = json::parse(response.body, answer_limits);
    if (!document) return unusable(response, document.error().message);
    const auto attributes = document->root().find("Attributes");
    if (!attributes) return unusable(response, "it has no Attributes");
    QueueCounts counts;
    const auto read = [&](std::string_view name, Messages& into) {
        const auto count = read_count(*attributes, name);
        into = count.value_or(Messages{});
        return count.has_value();
    };
    if (!read(visible_count, counts.visible)) return unusable(response, lacking(visible_count));
    if (!read(in_flight_count, counts.in_flight)) {
        return unusable(response, lacking(in_flight_count));
    }
    if (delayed == Delayed::count && !read(delayed_count, counts.delayed)) {
        return unusable(response, lacking(delayed_count));
    }
    return counts;
}

SqsClient::SqsClient(AwsContext& context) : client_(context, sqs) {}

reactor::Task<Result<QueueCounts>> SqsClient::queue_counts(std::string queue_url, Delayed delayed,
                                                           reactor::Scope scope) {
    JsonWriter body;
    body.begin_object().member("QueueUrl", std::string_view{queue_url});
    body.key("AttributeNames").begin_array();
    body.value(visible_count).value(in_flight_count);
    if (delayed == Delayed::count) body.value(delayed_count);
    body.end_array().end_object();

    auto response = co_await client_.call_json("GetQueueAttributes", body.take(), std::move(scope));
    if (!response) co_return response.error();
    co_return read_queue_counts(*response, delayed);
}

}  // namespace fas::clients
