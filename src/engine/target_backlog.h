// What waits for one target: its queues, read at the same time and taken as one. One thread.
#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "engine/shared_queue.h"
#include "reactor/scope.h"
#include "reactor/task.h"
#include "scaling/combine.h"
#include "scaling/observation.h"

namespace fas::engine {

struct TargetQueue {
    std::shared_ptr<SharedQueue> queue;
    double weight = 1;  // what one of its messages counts for
};

class TargetBacklog {
  public:
    // Without a queue nothing is read, and the depth is unknown: for a policy that needs none.
    TargetBacklog() = default;
    // A reading that was measured longer than `age_max` ago is an error; absent: whatever its age.
    TargetBacklog(std::vector<TargetQueue> queues, scaling::Combine how,
                  std::optional<Seconds> age_max)
        : queues_(std::move(queues)), how_(how), age_max_(age_max) {}

    struct Reading {
        scaling::QueueDepth depth;  // unknown where no queue could be read
        std::vector<Error> errors;  // of each queue that could not be read
    };
    // Readings that were begun at `since` or later. Each queue's errors are those of its source,
    // and retryable "StaleQueue".
    reactor::Task<Reading> read(SteadyTime since, TimePoint now, reactor::Scope scope);

  private:
    reactor::Task<scaling::Part> read_part(TargetQueue one, SteadyTime since, TimePoint now,
                                           std::vector<Error>* errors, reactor::Scope scope);
    reactor::Task<Reading> read_all(SteadyTime since, TimePoint now, reactor::Scope scope);

    std::vector<TargetQueue> queues_;
    scaling::Combine how_ = scaling::Combine::max;
    std::optional<Seconds> age_max_;
};

}  // namespace fas::engine
