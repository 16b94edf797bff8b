// What waits for one target: its queues, read at the same time and taken as one. One thread.
#pragma once

#include <memory>
#include <vector>

#include "base/error.h"
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
    TargetBacklog(std::vector<TargetQueue> queues, scaling::Combine how)
        : queues_(std::move(queues)), how_(how) {}

    struct Reading {
        scaling::QueueDepth depth;  // unknown where no queue could be read
        std::vector<Error> errors;  // of each queue that could not be read
    };
    // Readings that were begun at `since` or later. Each queue's errors are those of its source.
    reactor::Task<Reading> read(SteadyTime since, reactor::Scope scope);

  private:
    reactor::Task<Reading> read_all(SteadyTime since, reactor::Scope scope);

    std::vector<TargetQueue> queues_;
    scaling::Combine how_ = scaling::Combine::max;
};

}  // namespace fas::engine
