// When a failed call is sent again, and after how long: at most three attempts, exponential
// back-off with full jitter, as the AWS SDKs do by default.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
#pragma once

#include <random>

#include "base/error.h"
#include "base/time.h"

namespace fas::clients {

constexpr int attempts_max = 3;

constexpr bool worth_retrying(ErrorKind kind) {
    return kind == ErrorKind::retryable || kind == ErrorKind::throttled;
}

// The pause before attempt number `failed_attempts + 1`: rand(0,1) x min(base x 2^i, 20 s), where
// the base is 1 s for a throttled call and 50 ms for any other.
Milliseconds backoff(ErrorKind kind, int failed_attempts, std::minstd_rand& random);

}  // namespace fas::clients
