// The backlog of an SQS queue. Its dead-letter queue is another queue, and not counted.
#pragma once

#include <string>

#include "clients/sqs.h"
#include "engine/queue_source.h"

namespace fas::engine {

class SqsSource final : public QueueSource {
  public:
    // The client must outlive it.
    SqsSource(clients::SqsClient& client, std::string queue_url)
        : client_(client), queue_url_(std::move(queue_url)) {}

    reactor::Task<Result<scaling::QueueDepth>> read(reactor::Scope scope) override;

  private:
    clients::SqsClient& client_;
    std::string queue_url_;
};

}  // namespace fas::engine
