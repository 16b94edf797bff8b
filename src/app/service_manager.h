// Tells systemd how a service is, as sd_notify(3) does; nothing where NOTIFY_SOCKET names nobody.
// https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/environment.h"
#include "base/time.h"

namespace fas::app {

class ServiceManager {
  public:
    explicit ServiceManager(const Environment& environment);

    void ready() const { tell("READY=1"); }
    void reloading() const;  // ready() says that it has
    void stopping() const { tell("STOPPING=1"); }
    void alive() const { tell("WATCHDOG=1"); }

    // How often it wants to hear that it is alive, at least; nothing: never.
    std::optional<Milliseconds> alive_interval() const { return alive_interval_; }

  private:
    void tell(std::string_view state) const;  // does not wait; what cannot be told is not

    std::string socket_;  // its path; an abstract one begins with "@"; empty: there is none
    std::optional<Milliseconds> alive_interval_;
};

}  // namespace fas::app
