// When a failed call is sent again, and after how long: the "standard" mode of the AWS SDKs.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
#pragma once

#include <optional>

#include "base/error.h"
#include "base/time.h"

namespace fas::clients {

// Unless a service has its own (service.h).
constexpr int attempts_max = 3;
constexpr Milliseconds transient_backoff{50};

constexpr bool worth_retrying(ErrorKind kind) {
    return kind == ErrorKind::retryable || kind == ErrorKind::throttled;
}

// The pause before attempt number `failed_attempts + 1`: share x min(base x 2^i, 20 s), where the
// base is 1 s for a throttled call and `transient_base` for any other, and `share` is drawn evenly
// from 0 to 1 (full jitter). `hint` is the service's x-amz-retry-after: it makes the pause longer,
// but by no more than 5 s.
Milliseconds backoff(ErrorKind kind, int failed_attempts, double share,
                     std::optional<Milliseconds> hint = {},
                     Milliseconds transient_base = transient_backoff);

// Keeps a client from tripling the load on a service that fails: retries draw on tokens that only
// successes give back, so that in an outage most calls are sent once. One client's; one thread.
class RetryQuota {
  public:
    static constexpr int capacity = 500;

    // Takes what a retry after such an error costs, and says how much that was; nothing when not
    // enough is left: the call then fails with the error it has.
    std::optional<int> take(ErrorKind kind);

    // A call succeeded. `last_cost`: what its last retry took, 0 for a call that had none.
    void give_back(int last_cost);

    int tokens() const { return tokens_; }

  private:
    int tokens_ = capacity;
};

}  // namespace fas::clients
