#include "engine/target_queues.h"

#include <fmt/format.h>

#include "reactor/when_all.h"

namespace fas::engine {

reactor::Task<TargetQueues::Reading> TargetQueues::read(SteadyTime since, reactor::Scope scope) {
    Reading reading;
    if (queues_.size() == 1) {  // as nearly all are: nothing to wait for together
        scaling::QueuePart part =
            co_await read_part(queues_.front(), since, &reading.errors, std::move(scope));
        reading.parts.push_back(std::move(part));
        co_return reading;
    }
    std::vector<reactor::Task<scaling::QueuePart>> asked;
    asked.reserve(queues_.size());
    for (const TargetQueue& one : queues_) {
        asked.push_back(read_part(one, since, &reading.errors, scope));
    }
    reading.parts = co_await reactor::when_all(std::move(asked));
    co_return reading;
}

reactor::Task<scaling::QueuePart> TargetQueues::read_part(TargetQueue one, SteadyTime since,
                                                          std::vector<Error>* errors,
                                                          reactor::Scope scope) {
    scaling::QueuePart part{.weight = one.weight};
    if (queues_.size() > 1) part.name = one.queue->name();
    auto depth = co_await one.queue->read(since, std::move(scope));
    if (depth) {
        part.depth = std::move(*depth);
    } else {
        part.why = depth.error().message;
        errors->push_back(std::move(depth.error()));
    }
    co_return part;
}

Error TargetQueues::error_of(const scaling::StaleQueue& stale) const {
    return {.kind = ErrorKind::retryable,
            .message = fmt::format("the reading of queue {} counts as unknown: {}; look at what "
                                   "measures it, or raise queue_age_max",
                                   queues_[stale.index].queue->name(), stale.why),
            .code = "StaleQueue"};
}

}  // namespace fas::engine
