// The conversation with a Kafka cluster, in librdkafka's calls that block. Used by one thread, a
// worker's: kafka.h hands its questions over. No group is joined.
#pragma once

#include <librdkafka/rdkafka.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "clients/brokers/kafka.h"

namespace fas::clients {

struct KafkaQuestion {
    std::string group;
    std::string topic;  // empty: all that the group has committed for
    std::optional<KafkaToken> token;
    SteadyTime deadline;
};

struct KafkaAnswer {
    Result<std::vector<PartitionOffsets>> offsets = Error{};
    std::vector<std::string> log;  // librdkafka's lines since the last answer
};

class KafkaSession {
  public:
    explicit KafkaSession(KafkaConnection connection) : connection_(std::move(connection)) {}

    // Connects where need be. Returns soon after the deadline, or after it was abandoned.
    KafkaAnswer ask(const KafkaQuestion& question, const std::atomic<bool>& abandoned);

  private:
    struct EndHandle {
        void operator()(rd_kafka_t* handle) const;
    };
    struct EndQueue {
        void operator()(rd_kafka_queue_t* queue) const { rd_kafka_queue_destroy(queue); }
    };
    using Queue = std::unique_ptr<rd_kafka_queue_t, EndQueue>;

    // One question's limits, in slices that let go of a thread soon.
    struct Patience {
        SteadyTime deadline;
        const std::atomic<bool>& abandoned;
        SteadyTime while_down;  // how long a cluster that was down is given to come back

        bool over() const;
        int slice_ms() const;
    };

    Result<void> open();
    Result<void> use_token(const std::optional<KafkaToken>& token);
    Result<std::vector<PartitionOffsets>> offsets(const KafkaQuestion& question,
                                                  const Patience& patience);
    Result<int> partition_count(const std::string& topic, const Patience& patience);
    Result<void> add_partitions(const std::string& topic, const Patience& patience,
                                std::vector<PartitionOffsets>& offsets);
    Result<std::vector<PartitionOffsets>> committed(const std::string& group,
                                                    const std::vector<PartitionOffsets>* of,
                                                    const Patience& patience);
    Result<std::vector<std::int64_t>> list_offsets(const std::vector<PartitionOffsets*>& of,
                                                   std::int64_t which, const Patience& patience);
    Result<void> add_ends(std::vector<PartitionOffsets>& offsets, const Patience& patience);

    // Takes what librdkafka has to tell: errors of connections, and log lines.
    void drain();
    // Whether waiting is of no use any more, and what it is then told as.
    std::optional<Error> given_up(const Patience& patience) const;
    Error no_answer() const;

    KafkaConnection connection_;
    std::unique_ptr<rd_kafka_t, EndHandle> handle_;
    Queue events_;
    Queue answers_;
    std::string used_token_;      // the one that librdkafka has
    std::optional<Error> cause_;  // why the last connection failed; empty: none has since
    bool down_ = false;           // no broker is connected, and one at least was tried
    std::vector<std::string> log_;
};

// What librdkafka's code means here. `what` is the rest of the sentence.
Error kafka_error(rd_kafka_resp_err_t code, std::string what);

}  // namespace fas::clients
