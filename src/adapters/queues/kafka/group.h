// The lag of a Kafka consumer group, read from the cluster.
#pragma once

#include <memory>
#include <string>

#include "adapters/queues/kafka/lag.h"
#include "adapters/queues/queue_kind.h"
#include "clients/aws/services/msk.h"
#include "clients/brokers/kafka.h"

namespace fas::adapters {

struct KafkaGroup {
    std::string name;  // of all this, for people
    std::string group;
    std::string topic;                    // empty: all that the group has committed for
    clients::KafkaConnection connection;  // without servers where the ARN is to give them
    std::string msk_cluster_arn;
    KafkaLagRules rules;
};

class KafkaGroupSource final : public QueueSource {
  public:
    // Sources of one account, cluster and user share the connection.
    KafkaGroupSource(QueueContext context, KafkaGroup what)
        : context_(context), what_(std::move(what)), lag_(what_.rules) {}

    reactor::Task<Result<scaling::QueueDepth>> read(reactor::Scope scope) override;

  private:
    reactor::Task<Result<void>> connect(reactor::Scope scope);
    std::shared_ptr<clients::KafkaCluster> cluster(const clients::KafkaConnection& connection);
    Error explain(Error error) const;

    QueueContext context_;
    KafkaGroup what_;
    KafkaLag lag_;
    std::shared_ptr<clients::KafkaCluster> cluster_;  // null: its servers are yet to be asked for
};

}  // namespace fas::adapters
