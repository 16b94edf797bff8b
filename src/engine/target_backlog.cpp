#include "engine/target_backlog.h"

#include <fmt/format.h>

#include "reactor/when_all.h"

namespace fas::engine {

namespace {

Error too_old(const std::string& queue, const std::string& why) {
    return {.kind = ErrorKind::retryable,
            .message = fmt::format("the reading of queue {} counts as unknown: {}; look at what "
                                   "measures it, or raise queue_age_max",
                                   queue, why),
            .code = "StaleQueue"};
}

}  // namespace

reactor::Task<TargetBacklog::Reading> TargetBacklog::read(SteadyTime since, TimePoint now,
                                                          reactor::Scope scope) {
    if (queues_.size() != 1) co_return co_await read_all(since, now, std::move(scope));
    Reading reading;
    scaling::Part part =
        co_await read_part(queues_.front(), since, now, &reading.errors, std::move(scope));
    if (part.depth) {
        reading.depth = std::move(*part.depth);
    } else {
        reading.depth.missing = std::move(part.why);
    }
    co_return reading;
}

reactor::Task<TargetBacklog::Reading> TargetBacklog::read_all(SteadyTime since, TimePoint now,
                                                              reactor::Scope scope) {
    Reading reading;
    std::vector<reactor::Task<scaling::Part>> asked;
    asked.reserve(queues_.size());
    for (const TargetQueue& one : queues_) {
        asked.push_back(read_part(one, since, now, &reading.errors, scope));
    }
    const auto parts = co_await reactor::when_all(std::move(asked));
    reading.depth = scaling::combine(parts, how_);
    co_return reading;
}

reactor::Task<scaling::Part> TargetBacklog::read_part(TargetQueue one, SteadyTime since,
                                                      TimePoint now, std::vector<Error>* errors,
                                                      reactor::Scope scope) {
    scaling::Part part{.weight = one.weight};
    if (queues_.size() > 1) part.name = one.queue->name();
    auto depth = co_await one.queue->read(since, std::move(scope));
    if (!depth) {
        part.why = depth.error().message;
        errors->push_back(std::move(depth.error()));
        co_return part;
    }
    const bool known = depth->visible.has_value();
    part.depth = scaling::fresh_enough(std::move(*depth), age_max_, now);
    if (known && !part.depth->visible) {
        errors->push_back(too_old(one.queue->name(), part.depth->missing));
    }
    co_return part;
}

}  // namespace fas::engine
