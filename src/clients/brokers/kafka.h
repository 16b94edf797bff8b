// Apache Kafka: how far a consumer group has come, by partition, and where each partition begins
// and ends. By librdkafka, whose calls block: they run on a thread of this client's own. One
// thread, the reactor's. The group is never joined, and nothing is committed, produced or created.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "base/secret.h"
#include "base/time.h"
#include "reactor/scope.h"
#include "reactor/task.h"
#include "reactor/worker.h"

namespace fas::clients {

// Where a cluster is, and who asks. Those that are equal can share a KafkaCluster.
struct KafkaConnection {
    std::string bootstrap_servers;                // "b-1.example:9092,b-2.example:9092"
    std::string security_protocol = "PLAINTEXT";  // or SSL, SASL_PLAINTEXT, SASL_SSL
    std::string sasl_mechanism;  // PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, or AWS_MSK_IAM
    std::string username;
    Secret password;
    std::string ca_file;  // PEM; empty: the system's

    bool by_iam() const { return sasl_mechanism == "AWS_MSK_IAM"; }
    bool operator==(const KafkaConnection&) const = default;
};

// What SASL/OAUTHBEARER carries instead of a password.
struct KafkaToken {
    Secret text;
    TimePoint expires;
    std::string principal;  // whose it is
};
// Gives one that is good for a while; asked before each question.
using KafkaTokens = std::function<reactor::Task<Result<KafkaToken>>(reactor::Scope)>;

struct PartitionOffsets {
    std::string topic;
    std::int32_t partition = 0;
    std::optional<std::int64_t> committed;  // absent: the group has committed nothing here
    std::optional<std::int64_t> begin;      // asked for only where something is left to consume,
                                            // or where `committed` cannot be trusted
    std::int64_t end = 0;                   // the high watermark: open transactions count
};

class KafkaSession;

class KafkaCluster {
  public:
    // The reactor and the log must outlive it. `tokens`: where the mechanism is AWS_MSK_IAM.
    KafkaCluster(reactor::Reactor& reactor, Logger& log, KafkaConnection connection,
                 KafkaTokens tokens = {});
    // Ends the connections; waits for a call that is under way, two seconds at most.
    ~KafkaCluster();
    KafkaCluster(const KafkaCluster&) = delete;
    KafkaCluster& operator=(const KafkaCluster&) = delete;

    // All partitions of `topic`; where it is empty, those of all topics that the group has
    // committed for, and that the user may describe. Errors: not_found (no such topic; a group
    // without commits, where no topic is given), denied (password, certificate, rights), invalid
    // (settings that librdkafka refuses), retryable (no broker answers, whatever the cause),
    // cancelled when the scope ends first, those of the tokens.
    reactor::Task<Result<std::vector<PartitionOffsets>>> group_offsets(std::string group,
                                                                       std::string topic,
                                                                       reactor::Scope scope);

  private:
    Logger& log_;
    KafkaTokens tokens_;
    std::shared_ptr<KafkaSession> session_;  // used on the worker's thread alone
    reactor::Worker worker_;
};

}  // namespace fas::clients
