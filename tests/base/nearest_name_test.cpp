#include "base/nearest_name.h"

#include <gtest/gtest.h>

#include <array>

namespace fas {
namespace {

constexpr std::array<std::string_view, 3> names{"min_tasks", "max_tasks", "run"};

TEST(NearestName, FindsWhatWasMeant) {
    EXPECT_EQ(nearest_name("min_task", names), "min_tasks");
    EXPECT_EQ(nearest_name("mxa_tasks", names), "max_tasks");
    EXPECT_EQ(nearest_name("rnu", names), "run");
}

TEST(NearestName, DoesNotGuess) {
    EXPECT_EQ(nearest_name("queue", names), std::nullopt);
    EXPECT_EQ(nearest_name("abc", names), std::nullopt);
    EXPECT_EQ(nearest_name("", names), std::nullopt);
    EXPECT_EQ(nearest_name(std::string(100'000, 'm'), names), std::nullopt);
}

}  // namespace
}  // namespace fas
