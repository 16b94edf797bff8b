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

Messages KafkaLag::stuck_of(const PartitionOffsets& at, Messages lag, SteadyTime now) {
    if (rules_.persistent_after.count() == 0) return {};
    const Place place(at.topic, at.partition);
    if (lag == Messages{0}) {
        standing_.erase(place);
        return {};
    }
    const Standing first{at.committed, (Messages{at.end} - lag).value, at.end, now};
    Standing& standing = standing_.try_emplace(place, first).first->second;
    const bool made_anew = at.end < standing.next;
    if (made_anew || standing.committed != at.committed) {
        standing = first;
    } else if (now - standing.since >= rules_.persistent_after) {
        standing.stuck_to = standing.next;
        standing.next = at.end;
        standing.since = now;
    }
    const Messages anew = Messages{at.end} - Messages{standing.stuck_to};
    return lag - std::min(lag, anew);
}

scaling::QueueDepth KafkaLag::depth(const std::vector<PartitionOffsets>& offsets, SteadyTime now) {
    scaling::QueueDepth depth{.visible = Messages{0}, .in_flight = Messages{0}};
    Told uncommitted;
    Told beyond;
    Told persistent;
    for (const PartitionOffsets& at : offsets) {
        Messages lag;
        if (!at.committed || out_of_range(at)) {
            (at.committed ? beyond : uncommitted).add(at);
            lag = kept(at);
            // The consumers will begin at the end.
            if (!rules_.from_earliest) lag = std::min(lag, Messages{rules_.without_commit});
        } else {
            lag = Messages{at.end} - Messages{*at.committed};
        }
        const Messages stuck = stuck_of(at, lag, now);
        if (stuck > Messages{0}) persistent.add(at);
        depth.stuck += stuck;
        *depth.visible += lag - stuck;
    }
    uncommitted.append_to(depth.estimated_from, ": the group has committed nothing there");
    beyond.append_to(depth.estimated_from,
                     ": the group's offset is outside of what the partition holds");
    persistent.append_to(depth.estimated_from, ": left out, since its lag does not move");
    if (!watched_since_) watched_since_ = now;
    if (*depth.visible > Messages{0} && now - *watched_since_ < rules_.persistent_after) {
        if (!depth.estimated_from.empty()) depth.estimated_from += "; ";
        depth.estimated_from +=
            fmt::format("which lag does not move is told once this process has watched it for {} s",
                        rules_.persistent_after.count());
    }
    return depth;
}

}  // namespace fas::adapters
