// Port: where a backlog is read. Each kind of queue is in adapters/queues/.
#pragma once

#include "base/result.h"
#include "reactor/scope.h"
#include "reactor/task.h"
#include "scaling/observation.h"

namespace fas::engine {

class QueueSource {
  public:
    virtual ~QueueSource() = default;

    // The depth now. What the queue did not say is absent or an error, never 0. An error's message
    // names the queue and says what to do.
    virtual reactor::Task<Result<scaling::QueueDepth>> read(reactor::Scope scope) = 0;
};

}  // namespace fas::engine
