// The lag of a consumer group, from its partitions' offsets. Pure but for what it remembers.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "clients/brokers/kafka.h"
#include "scaling/observation.h"

namespace fas::adapters {

struct KafkaLagRules {
    bool from_earliest = false;       // the consumers' auto.offset.reset
    std::int64_t without_commit = 1;  // where that is "latest": of a partition
    // Lag of a partition whose committed offset has not moved for so long is left out; zero: never.
    std::chrono::seconds persistent_after{0};
};

class KafkaLag {
  public:
    explicit KafkaLag(KafkaLagRules rules) : rules_(rules) {}

    // All of it is visible: what a consumer works on is in the lag until it commits. Partitions
    // whose commits say nothing count by the rules, and `estimated_from` tells of them.
    scaling::QueueDepth depth(const std::vector<clients::PartitionOffsets>& offsets,
                              SteadyTime now);

  private:
    struct Standing {
        std::int64_t committed;
        SteadyTime since;  // when lag behind it was first seen
    };
    using Place = std::pair<std::string, std::int32_t>;

    bool persists(const clients::PartitionOffsets& at, SteadyTime now);

    KafkaLagRules rules_;
    std::map<Place, Standing> standing_;
};

}  // namespace fas::adapters
