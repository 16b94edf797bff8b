// One reading of a queue for all the targets that use it. One thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/time.h"
#include "engine/queue_source.h"
#include "reactor/background.h"
#include "reactor/event.h"
#include "reactor/reactor.h"

namespace fas::engine {

class SharedQueue {
  public:
    // `name` is for people: an SQS queue's URL. The reactor must outlive it. Nobody may be waiting
    // in read() when it is destroyed.
    SharedQueue(std::unique_ptr<QueueSource> source, std::string name, reactor::Reactor& reactor)
        : source_(std::move(source)), name_(std::move(name)), finished_(reactor) {}

    const std::string& name() const { return name_; }

    // What a reading gave that was begun at `since` or later: the last one, the one under way, or a
    // new one. A failed reading is shared as well: asking again would only double the load. Errors:
    // the source's; cancelled when the scope ends first, and the reading goes on for the others. An
    // older one that nobody waits for any more is abandoned: it may hang.
    reactor::Task<Result<scaling::QueueDepth>> read(SteadyTime since, reactor::Scope scope);

  private:
    reactor::Task<void> read_source();
    void begin_reading();
    bool reading() const { return reading_ && reading_->running(); }

    std::unique_ptr<QueueSource> source_;
    std::string name_;
    std::optional<Result<scaling::QueueDepth>> last_;
    SteadyTime begun_;  // the last reading, or the one under way
    int waiting_ = 0;
    reactor::Event finished_;
    std::optional<reactor::Background> reading_;  // last: what it runs uses all of the above
};

}  // namespace fas::engine
