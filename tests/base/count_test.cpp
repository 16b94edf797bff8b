#include "base/count.h"

#include <gtest/gtest.h>

#include <limits>

namespace fas {
namespace {

constexpr Messages most{std::numeric_limits<std::int64_t>::max()};
constexpr Messages least{std::numeric_limits<std::int64_t>::min()};

TEST(Count, AddsAndSubtracts) {
    EXPECT_EQ(Messages{3} + Messages{4}, Messages{7});
    EXPECT_EQ(Messages{3} - Messages{4}, Messages{-1});
    Messages sum{1};
    sum += Messages{2};
    EXPECT_EQ(sum, Messages{3});
}

TEST(Count, EndsAtTheGreatestAndTheLeast) {
    EXPECT_EQ(most + Messages{1}, most);
    EXPECT_EQ(most + most, most);
    EXPECT_EQ(most - Messages{-1}, most);
    EXPECT_EQ(Messages{0} - least, most);
    EXPECT_EQ(least + Messages{-1}, least);
    EXPECT_EQ(least - Messages{1}, least);
    EXPECT_EQ(most - most, Messages{0});
    EXPECT_EQ(most + least, Messages{-1});
}

}  // namespace
}  // namespace fas
