// The backlog of an SQS queue. Its dead-letter queue is another queue, and not counted.
#pragma once

#include <string>

#include "clients/sqs.h"
#include "engine/queue_source.h"

namespace fas::engine {

class SqsSource final : public QueueSource {
  public:
    SqsSource(clients::AwsContext& context, std::string queue_url)
        : client_(context), queue_url_(std::move(queue_url)) {}

    reactor::Task<Result<scaling::QueueDepth>> read(reactor::Scope scope) override;

  private:
    clients::SqsClient client_;
    std::string queue_url_;
};

}  // namespace fas::engine
