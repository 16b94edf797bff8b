// The lag of a Kafka consumer group as Amazon MSK writes it to CloudWatch, a minute or two late.
// https://docs.aws.amazon.com/msk/latest/developerguide/metrics-details.html
#pragma once

#include <string>

#include "clients/aws/services/cloudwatch.h"
#include "engine/queue_source.h"

namespace fas::adapters {

struct KafkaMetric {
    std::string name;  // of all this, for people
    std::string cluster;
    std::string group;
    std::string topic;
};

class KafkaMetricSource final : public engine::QueueSource {
  public:
    // The client must outlive it.
    KafkaMetricSource(clients::CloudWatchClient& client, KafkaMetric what)
        : client_(client), what_(std::move(what)) {}

    reactor::Task<Result<scaling::QueueDepth>> read(reactor::Scope scope) override;

  private:
    Error explain(Error error) const;

    clients::CloudWatchClient& client_;
    KafkaMetric what_;
};

}  // namespace fas::adapters
