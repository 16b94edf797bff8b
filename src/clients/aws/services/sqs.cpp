#include "clients/aws/services/sqs.h"

#include "base/json_writer.h"
#include "clients/answers/json_answer.h"

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

}  // namespace

// SQS writes its numbers as texts.
Result<QueueCounts> read_queue_counts(const reactor::HttpResponse& response, Delayed delayed) {
    JsonAnswer answer{sqs.name, "GetQueueAttributes", response};
    const JsonPart attributes = answer.root().part("Attributes");
    QueueCounts counts;
    counts.visible = Messages{attributes.written_count(visible_count)};
    counts.in_flight = Messages{attributes.written_count(in_flight_count)};
    if (delayed == Delayed::count) {
        counts.delayed = Messages{attributes.written_count(delayed_count)};
    }
    return answer.give(counts);
}

SqsClient::SqsClient(AwsContext& context) : client_(context, sqs) {}

reactor::Task<Result<QueueCounts>> SqsClient::queue_counts(QueueAddress queue, Delayed delayed,
                                                           reactor::Scope scope) {
    JsonWriter body;
    body.begin_object().member("QueueUrl", std::string_view{queue.url});
    body.key("AttributeNames").begin_array();
    body.value(visible_count).value(in_flight_count);
    if (delayed == Delayed::count) body.value(delayed_count);
    body.end_array().end_object();

    AwsRequest request = client_.json_request("GetQueueAttributes", body.take());
    if (client_.endpoint() && !client_.endpoint()->user_named) {
        request.scheme = std::move(queue.scheme);
        request.host = std::move(queue.host);
    }
    auto response = co_await client_.send(std::move(request), std::move(scope));
    if (!response) co_return response.error();
    co_return read_queue_counts(*response, delayed);
}

reactor::Task<Result<std::string>> SqsClient::queue_url(QueueAddress queue, reactor::Scope scope) {
    JsonWriter body;
    body.begin_object().member("QueueName", std::string_view{queue.name});
    if (!queue.account.empty()) {
        body.member("QueueOwnerAWSAccountId", std::string_view{queue.account});
    }
    body.end_object();
    auto response = co_await client_.call_json("GetQueueUrl", body.take(), std::move(scope));
    if (!response) co_return response.error();
    JsonAnswer answer{sqs.name, "GetQueueUrl", *response};
    std::string url{answer.root().some_text("QueueUrl")};
    co_return answer.give(std::move(url));
}

}  // namespace fas::clients
