// The time as a service sees it: the local clock, set right by the Date of the service's answers.
// AWS refuses signatures that are more than minutes off, and the clock of a virtual machine or of a
// sandbox that was frozen can be. One client's; one thread.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
#pragma once

#include "base/clock.h"
#include "base/error.h"
#include "reactor/http.h"

namespace fas::clients {

class ServiceClock {
  public:
    // The local clock must outlive it.
    explicit ServiceClock(const Clock& local) : local_(local) {}

    TimePoint now() const { return local_.now() + offset_; }

    // Learns from an answer to a request that was sent at `sent` by the local clock. A difference
    // of less than four minutes is no skew: the local clock is then trusted. True when what now()
    // says has changed by that much.
    bool learn(const reactor::HttpResponse& response, TimePoint sent);

  private:
    const Clock& local_;
    TimePoint::duration offset_{0};
};

// Whether a service refused a request for the time in its signature.
bool refused_for_its_time(const Error& error);

}  // namespace fas::clients
