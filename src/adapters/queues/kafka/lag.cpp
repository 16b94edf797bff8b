#include "adapters/queues/kafka/lag.h"

#include <fmt/format.h>

#include <algorithm>

namespace fas::adapters {

namespace {

using clients::PartitionOffsets;

// Of partitions that are told about: the first by name, the others by number.
class Told {
  public:
    void add(const PartitionOffsets& at) {
        if (count_++ == 0) first_ = fmt::format("{}-{}", at.topic, at.partition);
    }
    void append_to(std::string& text, std::string_view what) const {
        if (count_ == 0) return;
        if (!text.empty()) text += "; ";
        text += count_ == 1 ? first_ : fmt::format("{} and {} more", first_, count_ - 1);
        text += what;
    }

  private:
    std::size_t count_ = 0;
    std::string first_;
};

// The consumers will find no message at their offset, and begin where auto.offset.reset says: the
// topic was made anew or cut short, or retention has taken what they had not read.
bool out_of_range(const PartitionOffsets& at) {
    if (!at.committed) return false;
    return *at.committed > at.end || (at.begin && *at.committed < *at.begin);
}

Messages kept(const PartitionOffsets& at) {
    return std::max(Messages{at.end} - Messages{at.begin.value_or(0)}, Messages{0});
}

}  // namespace

bool KafkaLag::persists(const PartitionOffsets& at, SteadyTime now) {
    if (rules_.persistent_after.count() == 0) return false;
    const auto [found, is_new] =
        standing_.try_emplace(Place(at.topic, at.partition), Standing{*at.committed, now});
    if (!is_new && found->second.committed != *at.committed) {
        found->second = Standing{*at.committed, now};
    }
    return now - found->second.since >= rules_.persistent_after;
}

scaling::QueueDepth KafkaLag::depth(const std::vector<PartitionOffsets>& offsets, SteadyTime now) {
    Messages total;
    Told uncommitted;
    Told beyond;
    Told persistent;
    for (const PartitionOffsets& at : offsets) {
        if (!at.committed || out_of_range(at)) {
            standing_.erase(Place(at.topic, at.partition));
            (at.committed ? beyond : uncommitted).add(at);
            total += rules_.from_earliest ? kept(at) : Messages{rules_.without_commit};
            continue;
        }
        const Messages lag = Messages{at.end} - Messages{*at.committed};
        if (lag == Messages{0}) {
            standing_.erase(Place(at.topic, at.partition));
        } else if (persists(at, now)) {
            persistent.add(at);
        } else {
            total += lag;
        }
    }
    scaling::QueueDepth depth;
    depth.visible = total;
    depth.in_flight = Messages{0};
    uncommitted.append_to(depth.estimated_from, ": the group has committed nothing there");
    beyond.append_to(depth.estimated_from,
                     ": the group's offset is outside of what the partition holds");
    persistent.append_to(depth.estimated_from, ": left out, since its lag does not move");
    return depth;
}

}  // namespace fas::adapters
