#include "simulation/arrivals.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

namespace fas::simulation {

Arrivals::Arrivals(const Trace& trace, Work work, std::uint64_t seed)
    : trace_(&trace),
      work_(work),
      moments_random_(seed, Stream::arrivals),
      work_random_(seed, Stream::work) {
    advance();
}

Message Arrivals::take() {
    Message taken = *next_;
    advance();
    return taken;
}

void Arrivals::advance() {
    next_.reset();
    Seconds came{0};
    if (!trace_->moments.empty()) {
        if (position_ == trace_->moments.size()) return;
        came = trace_->moments[position_++];
    } else {
        while (in_bin_.empty()) {
            if (!fill()) return;
        }
        came = in_bin_.back();
        in_bin_.pop_back();
    }
    next_ = Message{.came = came, .work = work_.mean * work_random_.gamma(work_.variation)};
}

// The moments of one bin; false after the last.
bool Arrivals::fill() {
    if (position_ == trace_->counts.size()) return false;
    const Seconds begin = trace_->bin * static_cast<double>(position_);
    carried_ += trace_->counts[position_++];
    const double whole = std::floor(carried_ + 1e-9);
    carried_ -= whole;
    const auto count = static_cast<std::size_t>(whole);
    in_bin_.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        const double share = trace_->spread == Spread::even
                                 ? (static_cast<double>(i) + 0.5) / static_cast<double>(count)
                                 : moments_random_.uniform();
        in_bin_.push_back(begin + trace_->bin * share);
    }
    std::ranges::sort(in_bin_, std::greater{});
    return true;
}

}  // namespace fas::simulation
