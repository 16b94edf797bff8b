// Amazon SQS: how many messages a queue holds.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
#pragma once

#include <string>

#include "base/count.h"
#include "clients/aws/client.h"

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

    // Errors: not_found (no such queue), invalid (an answer without the counts: a missing count
    // is never 0), and those of AwsClient::send.
    reactor::Task<Result<QueueCounts>> queue_counts(std::string queue_url, Delayed delayed,
                                                    reactor::Scope scope);

  private:
    AwsClient client_;
};

}  // namespace fas::clients
