#include "simulation/distribution.h"

#include <algorithm>
#include <cmath>

namespace fas::simulation {

namespace {

constexpr Seconds shortest{0.001};
const double width = std::log(1.005);

std::size_t bin_of(Seconds time) {
    return static_cast<std::size_t>(std::log(time / shortest) / width);
}

// The middle of the bin.
Seconds time_of(std::size_t bin) {
    return shortest * std::exp((static_cast<double>(bin) + 0.5) * width);
}

}  // namespace

void Distribution::add(Seconds time) {
    ++count_;
    if (time < shortest) {
        ++none_;
        return;
    }
    sum_ += time.count();
    longest_ = std::max(longest_, time);
    const std::size_t bin = bin_of(time);
    if (bins_.size() <= bin) bins_.resize(bin + 1);
    ++bins_[bin];
}

Seconds Distribution::mean() const {
    return Seconds{count_ == 0 ? 0 : sum_ / static_cast<double>(count_)};
}

Seconds Distribution::percentile(double share) const {
    const auto rank = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_)));
    std::uint64_t seen = none_;
    if (rank <= seen) return Seconds{0};
    for (std::size_t bin = 0; bin < bins_.size(); ++bin) {
        seen += bins_[bin];
        if (seen >= rank) return std::min(time_of(bin), longest_);
    }
    return longest_;
}

double Distribution::share_over(Seconds limit) const {
    if (count_ == 0) return 0;
    std::uint64_t over = 0;
    const std::size_t first = limit < shortest ? 0 : bin_of(limit) + 1;
    for (std::size_t bin = first; bin < bins_.size(); ++bin) over += bins_[bin];
    return static_cast<double>(over) / static_cast<double>(count_);
}

}  // namespace fas::simulation
