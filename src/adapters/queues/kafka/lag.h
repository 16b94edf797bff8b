// The lag of a consumer group, from its partitions' offsets. Pure but for what it remembers.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
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
    // Messages that have waited for so long behind a commit that did not move are stuck; zero:
    // none are.
    std::chrono::seconds persistent_after{0};
};

class KafkaLag {
  public:
    explicit KafkaLag(KafkaLagRules rules) : rules_(rules) {}

    // All of it is visible, or stuck: what a consumer works on is in the lag until it commits.
    // Partitions whose commits say nothing count by the rules, and `estimated_from` tells of them.
    scaling::QueueDepth depth(const std::vector<clients::PartitionOffsets>& offsets,
                              SteadyTime now);

  private:
    // Of a partition with lag. A mark rises to where the end was when it was last set, once
    // `persistent_after` has passed: what comes anew counts for at least as long, and what is
    // behind the mark has waited for at least as long.
    struct Standing {
        std::optional<std::int64_t> committed;
        std::int64_t stuck_to;  // what lies before is stuck
        std::int64_t next;      // the end at `since`
        SteadyTime since;
    };
    using Place = std::pair<std::string, std::int32_t>;

    Messages stuck_of(const clients::PartitionOffsets& at, Messages lag, SteadyTime now);

    KafkaLagRules rules_;
    std::map<Place, Standing> standing_;
    std::optional<SteadyTime> watched_since_;
};

}  // namespace fas::adapters
