#include "engine/target_backlog.h"

#include "reactor/when_all.h"

namespace fas::engine {

reactor::Task<TargetBacklog::Reading> TargetBacklog::read(SteadyTime since, reactor::Scope scope) {
    if (queues_.size() != 1) co_return co_await read_all(since, std::move(scope));
    auto depth = co_await queues_.front().queue->read(since, std::move(scope));
    Reading reading;
    if (depth) {
        reading.depth = std::move(*depth);
    } else {
        reading.depth.missing = depth.error().message;
        reading.errors.push_back(std::move(depth.error()));
    }
    co_return reading;
}

reactor::Task<TargetBacklog::Reading> TargetBacklog::read_all(SteadyTime since,
                                                              reactor::Scope scope) {
    std::vector<reactor::Task<Result<scaling::QueueDepth>>> asked;
    asked.reserve(queues_.size());
    for (const TargetQueue& one : queues_) asked.push_back(one.queue->read(since, scope));
    auto depths = co_await reactor::when_all(std::move(asked));

    Reading reading;
    std::vector<scaling::Part> parts;
    parts.reserve(depths.size());
    for (std::size_t i = 0; i < depths.size(); ++i) {
        scaling::Part part{.name = queues_[i].queue->name(), .weight = queues_[i].weight};
        if (depths[i]) {
            part.depth = std::move(*depths[i]);
        } else {
            part.why = depths[i].error().message;
            reading.errors.push_back(std::move(depths[i].error()));
        }
        parts.push_back(std::move(part));
    }
    reading.depth = scaling::combine(parts, how_);
    co_return reading;
}

}  // namespace fas::engine
