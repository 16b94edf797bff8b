#include "clients/aws/rate_queue.h"

#include <fmt/format.h>

#include "reactor/event.h"

namespace fas::clients {

// One call's place in a line. Lives in wait_turn()'s frame, and so leaves the line when that is
// destroyed.
class RateQueue::Place {
  public:
    Place(Line& line, reactor::Reactor& reactor)
        : line_(line), foremost_(reactor), at_(line.places.insert(line.places.end(), this)) {}
    ~Place() {
        const bool was_first = first();
        line_.places.erase(at_);
        if (was_first && !line_.places.empty()) line_.places.front()->foremost_.notify_all();
    }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

    bool first() const { return line_.places.front() == this; }
    reactor::Event& foremost() { return foremost_; }

  private:
    Line& line_;
    reactor::Event foremost_;
    std::list<Place*>::iterator at_;
};

RateQueue::RateQueue(reactor::Reactor& reactor, Logger& log, std::string_view service, Now clock)
    : reactor_(reactor), log_(log), service_(service), now_(clock) {}

reactor::Task<Result<void>> RateQueue::wait_turn(std::string operation, reactor::Scope scope) {
    Line& line = lines_[operation];
    if (line.places.empty() && take(operation, line).count() == 0) co_return Result<void>{};
    Place place(line, reactor_);
    while (!place.first()) {
        auto waited = co_await place.foremost().wait(scope);
        if (!waited) co_return no_turn(operation, line, scope);
    }
    for (;;) {
        const Milliseconds missing = take(operation, line);
        if (missing.count() == 0) co_return Result<void>{};
        auto rested = co_await reactor_.sleep_for(missing, scope);
        if (!rested) co_return no_turn(operation, line, scope);
    }
}

void RateQueue::throttled(const std::string& operation, SteadyTime sent) {
    RateLimit& limit = lines_[operation].limit;
    const bool limited_before = limit.rate().has_value();
    if (!limit.throttled(sent, now_())) return;
    log_.write(limited_before ? LogLevel::debug : LogLevel::info,
               "the service throttles: its calls are limited",
               {{"service", service_},
                {"operation", std::string_view{operation}},
                {"calls_per_second", *limit.rate()}});
}

Milliseconds RateQueue::take(const std::string& operation, Line& line) {
    const auto rate = line.limit.rate();
    const Milliseconds missing = line.limit.take(now_());
    if (rate && !line.limit.rate()) {
        log_.write(LogLevel::info, "the service throttles no more: its calls are not limited",
                   {{"service", service_},
                    {"operation", std::string_view{operation}},
                    {"calls_per_second", *rate}});
    }
    return missing;
}

Error RateQueue::no_turn(const std::string& operation, const Line& line,
                         const reactor::Scope& scope) const {
    Error error = cancelled(
        scope, fmt::format("while {} waited its turn: {} throttles, and is sent {:.1f} a second",
                           operation, service_, line.limit.rate().value_or(0)));
    error.service = service_;
    return error;
}

}  // namespace fas::clients
