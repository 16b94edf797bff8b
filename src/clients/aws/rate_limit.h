// How often one operation of a service may be called, learnt from its throttling. Pure: time is an
// argument. One operation's in one account and region; one thread.
//
// Nothing is limited until the service throttles. Then a bucket of tokens, a second's worth at
// most, hands them out at 0.7 times the rate that calls were sent at; each further throttling cuts
// that again, but no more than once a second, because what a cut did shows only then. The rate
// doubles every 20 seconds, so that a cut is made good in ten: calls go on just below what the
// service takes, and touch its limit a few times a minute. When for a minute nobody had to wait for
// a token, the limit goes.
#pragma once

#include <optional>

#include "base/time.h"

namespace fas::clients {

class RateLimit {
  public:
    // However often the service throttles, one call in two seconds is sent.
    static constexpr double rate_min = 0.5;

    // Takes a token and counts a call as sent, and gives 0; or gives how long it is until there is
    // a token, which is then to be asked for again.
    Milliseconds take(SteadyTime now);

    // The service throttled a call that was sent at `sent`. Says whether that changed the rate:
    // what was sent before the last cut tells nothing about the rate since.
    bool throttled(SteadyTime sent, SteadyTime now);

    // Calls a second; nothing while there is no limit.
    std::optional<double> rate() const { return rate_; }

  private:
    void roll_window(SteadyTime now);
    double measured_rate(SteadyTime now);
    void refill(SteadyTime now);

    std::optional<double> rate_;
    double tokens_ = 0;
    SteadyTime refilled_;
    SteadyTime cut_;
    SteadyTime refused_;  // when a token was last asked for in vain

    // The calls sent in this second and in the one before.
    SteadyTime window_began_;
    double in_window_ = 0;
    double in_window_before_ = 0;
};

}  // namespace fas::clients
