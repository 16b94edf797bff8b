// How long things took: counts of times by size, each bin half a percent wide, so that a percentile
// of thirty million times takes no more memory than one of ten.
#pragma once

#include <cstdint>
#include <vector>

#include "base/time.h"

namespace fas::simulation {

class Distribution {
  public:
    void add(Seconds time);

    std::uint64_t count() const { return count_; }
    Seconds mean() const;
    Seconds longest() const { return longest_; }
    // The time that this share of them does not exceed, 0 to 1; 0 where there are none.
    Seconds percentile(double share) const;
    double share_over(Seconds limit) const;  // 0 to 1

  private:
    std::uint64_t count_ = 0;
    std::uint64_t none_ = 0;  // shorter than a millisecond
    double sum_ = 0;
    Seconds longest_{0};
    std::vector<std::uint64_t> bins_;
};

}  // namespace fas::simulation
