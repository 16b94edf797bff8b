// SIGINT and SIGTERM as a stop token: the first signal asks for an orderly end. SIGHUP as an event.
#pragma once

#include <memory>
#include <stop_token>

namespace fas::reactor {

class Event;
class Reactor;

// While it lives, SIGINT and SIGTERM no longer kill the process. The reactor must outlive it.
class SignalWatcher {
  public:
    explicit SignalWatcher(Reactor& reactor);
    ~SignalWatcher();
    SignalWatcher(const SignalWatcher&) = delete;
    SignalWatcher& operator=(const SignalWatcher&) = delete;

    std::stop_token finish() const;  // requested by the first signal: finish what runs, then end
    std::stop_token abort() const;   // requested by the second: drop what runs, and end
    int last_signal() const;         // 0 while none came

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

// While it lives, SIGHUP no longer kills the process, but notifies the event. Both must outlive it.
class HangupWatcher {
  public:
    HangupWatcher(Reactor& reactor, Event& event);
    ~HangupWatcher();
    HangupWatcher(const HangupWatcher&) = delete;
    HangupWatcher& operator=(const HangupWatcher&) = delete;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace fas::reactor
