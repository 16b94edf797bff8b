#include "clients/retry.h"

#include <algorithm>
#include <cmath>

namespace fas::clients {

Milliseconds backoff(ErrorKind kind, int failed_attempts, std::minstd_rand& random) {
    constexpr double backoff_max_ms = 20'000;
    const double base_ms = kind == ErrorKind::throttled ? 1'000 : 50;
    const double ceiling_ms = std::min(std::ldexp(base_ms, failed_attempts - 1), backoff_max_ms);
    std::uniform_real_distribution<double> share{0.0, 1.0};
    return Milliseconds{std::llround(share(random) * ceiling_ms)};
}

}  // namespace fas::clients
