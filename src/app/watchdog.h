// Notices a loop that does not turn, which nothing on the loop can: a thread of its own says so on
// stderr. The service manager is told that it turns, and restarts the process when it is not.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

#include "app/service_manager.h"
#include "base/log.h"
#include "base/output.h"
#include "base/result.h"
#include "base/time.h"
#include "reactor/reactor.h"
#include "reactor/scope.h"
#include "reactor/task.h"

namespace fas::app {

class Watchdog {
  public:
    // The reactor and the output must outlive it.
    Watchdog(reactor::Reactor& reactor, Output& err, ServiceManager manager,
             Milliseconds still_max = Milliseconds{60'000});
    ~Watchdog();
    Watchdog(const Watchdog&) = delete;
    Watchdog& operator=(const Watchdog&) = delete;

    // Shows that the loop turns, until the scope ends.
    reactor::Task<Result<void>> beat(reactor::Scope scope);

  private:
    void watch();

    reactor::Reactor& reactor_;
    ServiceManager manager_;
    Milliseconds still_max_;
    Milliseconds interval_;
    Logger log_;  // the thread's alone
    std::atomic<std::uint64_t> beats_ = 0;

    std::mutex mutex_;
    std::condition_variable changed_;
    bool ends_ = false;
    std::thread thread_;  // last: it uses all of the above
};

}  // namespace fas::app
