// The queues of one target, read at the same time. What their readings come to is the judgement's
// (scaling/judge.h). One thread.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "engine/shared_queue.h"
#include "reactor/scope.h"
#include "reactor/task.h"
#include "scaling/judge.h"

namespace fas::engine {

struct TargetQueue {
    std::shared_ptr<SharedQueue> queue;
    double weight = 1;  // what one of its messages counts for, among several
};

class TargetQueues {
  public:
    // None, for a policy that needs none: nothing is read.
    TargetQueues() = default;
    explicit TargetQueues(std::vector<TargetQueue> queues) : queues_(std::move(queues)) {}

    struct Reading {
        std::vector<scaling::QueuePart> parts;  // one for each queue
        std::vector<Error> errors;  // those of the sources, of each that could not be read
    };
    // Readings that were begun at `since` or later.
    reactor::Task<Reading> read(SteadyTime since, reactor::Scope scope);

    // What an operator is told of it: retryable, "StaleQueue".
    Error error_of(const scaling::StaleQueue& stale) const;

  private:
    reactor::Task<scaling::QueuePart> read_part(TargetQueue one, SteadyTime since,
                                                std::vector<Error>* errors, reactor::Scope scope);

    std::vector<TargetQueue> queues_;
};

}  // namespace fas::engine
