// Makes calls wait their turn while a service throttles: one line for each operation, in order of
// arrival, let through by what RateLimit has learnt. One client's; one thread.
#pragma once

#include <list>
#include <map>
#include <string>
#include <string_view>

#include "base/log.h"
#include "base/result.h"
#include "clients/aws/rate_limit.h"
#include "reactor/reactor.h"

namespace fas::clients {

class RateQueue {
  public:
    using Now = SteadyTime (*)();

    // The reactor and the log must outlive it, and it the waits. `service`: "SQS", for the log;
    // must outlive it too. `clock` counts the tokens; waits are of real time.
    RateQueue(reactor::Reactor& reactor, Logger& log, std::string_view service,
              Now clock = reactor::now);

    // Ends when the operation may be called, once. Errors: cancelled, when the scope ends first.
    reactor::Task<Result<void>> wait_turn(std::string operation, reactor::Scope scope);

    // The service throttled a call of the operation that was sent at `sent`.
    void throttled(const std::string& operation, SteadyTime sent);

    SteadyTime now() const { return now_(); }

  private:
    class Place;
    struct Line {
        RateLimit limit;
        std::list<Place*> places;  // of those who wait
    };

    Milliseconds take(const std::string& operation, Line& line);
    Error no_turn(const std::string& operation, const Line& line,
                  const reactor::Scope& scope) const;

    reactor::Reactor& reactor_;
    Logger& log_;
    std::string_view service_;
    Now now_;
    std::map<std::string, Line> lines_;  // by operation
};

}  // namespace fas::clients
