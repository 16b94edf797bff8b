#include "clients/aws/retry.h"

#include <algorithm>
#include <cmath>

namespace fas::clients {

Milliseconds backoff(ErrorKind kind, int failed_attempts, double share,
                     std::optional<Milliseconds> hint, Milliseconds transient_base) {
    constexpr double backoff_max_ms = 20'000;
    constexpr Milliseconds hint_excess_max{5'000};
    const auto transient_ms = static_cast<double>(transient_base.count());
    const double base_ms = kind == ErrorKind::throttled ? 1'000 : transient_ms;
    const double ceiling_ms = std::min(std::ldexp(base_ms, failed_attempts - 1), backoff_max_ms);
    const Milliseconds pause{std::llround(share * ceiling_ms)};
    if (!hint) return pause;
    return std::max(pause, std::min(*hint, pause + hint_excess_max));
}

std::optional<int> RetryQuota::take(ErrorKind kind) {
    constexpr int throttled_cost = 5;
    constexpr int transient_cost = 14;
    const int cost = kind == ErrorKind::throttled ? throttled_cost : transient_cost;
    if (tokens_ < cost) return std::nullopt;
    tokens_ -= cost;
    return cost;
}

void RetryQuota::give_back(int last_cost) {
    tokens_ = std::min(capacity, tokens_ + std::max(last_cost, 1));
}

}  // namespace fas::clients
