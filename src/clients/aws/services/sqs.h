// Amazon SQS: how many messages a queue holds.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
#pragma once

#include <string>

#include "base/count.h"
#include "clients/aws/client.h"
#include "clients/aws/queue_address.h"

namespace fas::clients {

// Approximate by SQS's own account: they can lag up to a minute behind the queue.
struct QueueCounts {
    Messages visible;
    Messages in_flight;
    Messages delayed;  // 0 where it was not asked for
};

enum class Delayed { leave_out, count };

// What GetQueueAttributes answered. Errors: invalid "UnusableAnswer".
Result<QueueCounts> read_queue_counts(const reactor::HttpResponse& response, Delayed delayed);

class SqsClient {
  public:
    explicit SqsClient(AwsContext& context);

    // Of a queue whose URL is known; at the URL's host, unless the user named an endpoint. Errors:
    // not_found (no such queue), invalid (an answer without the counts: a missing count is never
    // 0), and those of AwsClient::send.
    reactor::Task<Result<QueueCounts>> queue_counts(QueueAddress queue, Delayed delayed,
                                                    reactor::Scope scope);

    // The URL of a queue by its name, of its account. Errors: not_found, and those of
    // AwsClient::send.
    reactor::Task<Result<std::string>> queue_url(QueueAddress queue, reactor::Scope scope);

  private:
    AwsClient client_;
};

}  // namespace fas::clients
