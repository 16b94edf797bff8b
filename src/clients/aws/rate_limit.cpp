#include "clients/aws/rate_limit.h"

#include <algorithm>
#include <cmath>

namespace fas::clients {

namespace {

constexpr double cut_factor = 0.7;
constexpr double doubles_in_s = 20;
constexpr std::chrono::seconds shows_after{1};  // what a cut did
constexpr std::chrono::seconds window{1};
constexpr std::chrono::seconds unneeded_after{60};

double seconds(SteadyTime::duration duration) { return Seconds{duration}.count(); }

}  // namespace

Milliseconds RateLimit::take(SteadyTime now) {
    if (rate_ && now - std::max(cut_, refused_) >= unneeded_after) rate_.reset();
    if (rate_) {
        refill(now);
        constexpr double rounding = 1e-9;
        if (tokens_ < 1 - rounding) {
            refused_ = now;
            const double missing_ms = (1 - tokens_) / *rate_ * 1'000;
            return Milliseconds{std::max(1LL, std::llround(std::ceil(missing_ms)))};
        }
        tokens_ -= 1;
    }
    roll_window(now);
    in_window_ += 1;
    return Milliseconds{0};
}

bool RateLimit::throttled(SteadyTime sent, SteadyTime now) {
    if (rate_ && sent < cut_ + shows_after) return false;
    const double measured = measured_rate(now);
    if (rate_) refill(now);
    const double before = rate_ ? std::min(*rate_, measured) : measured;
    // One token, so that what is only throttled for once may be repeated after its own pause.
    tokens_ = rate_ ? std::min(tokens_, 1.0) : 1.0;
    rate_ = std::max(before * cut_factor, rate_min);
    refilled_ = now;
    cut_ = now;
    return true;
}

void RateLimit::roll_window(SteadyTime now) {
    if (now - window_began_ < window) return;
    const bool next = now - window_began_ < 2 * window;
    in_window_before_ = next ? in_window_ : 0;
    window_began_ = next ? window_began_ + window : now;
    in_window_ = 0;
}

// Over the last second: this window's calls, and as much of the last one as that second reaches.
double RateLimit::measured_rate(SteadyTime now) {
    roll_window(now);
    return in_window_ + in_window_before_ * (1 - seconds(now - window_began_) / seconds(window));
}

void RateLimit::refill(SteadyTime now) {
    const double passed = seconds(now - refilled_);
    refilled_ = now;
    *rate_ *= std::exp2(passed / doubles_in_s);
    tokens_ = std::min(tokens_ + *rate_ * passed, std::max(*rate_, 1.0));
}

}  // namespace fas::clients
