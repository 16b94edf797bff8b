#include "simulation/thinned_changes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fas::simulation {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::SizeIs;

const std::vector<Change>& five_changes() {
    static const std::vector<Change> changes{{Seconds{0}, {1}, {2}, "a"},
                                             {Seconds{4}, {2}, {9}, "b"},
                                             {Seconds{10}, {9}, {2}, "c"},
                                             {Seconds{11}, {2}, {3}, "d"},
                                             {Seconds{40}, {3}, {4}, "e"}};
    return changes;
}

TEST(ThinnedChanges, WhatIsNearIsOneThatShowsTheLargest) {
    const auto groups = thinned(five_changes(), Seconds{10});
    ASSERT_THAT(groups, SizeIs(3));
    EXPECT_EQ(groups[0].count, 3U);
    EXPECT_EQ(groups[0].first, Seconds{0});
    EXPECT_EQ(groups[0].last, Seconds{10});
    EXPECT_EQ(groups[0].largest->reason, "b");
    EXPECT_EQ(groups[2].count, 1U);
    EXPECT_THAT(thinned({}, Seconds{10}), SizeIs(0));
}

TEST(ThinnedChanges, TheLargestStandInTheirOrder) {
    const auto largest = largest_of(five_changes(), 2);
    EXPECT_THAT(largest, ElementsAre(&five_changes()[1], &five_changes()[2]));
    EXPECT_THAT(largest_of(five_changes(), 10), SizeIs(5));
}

TEST(ThinnedChanges, AReasonIsCutBetweenCharacters) {
    EXPECT_EQ(change_text(five_changes()[1]), "2 -> 9: b");
    const std::string umlauts = [] {
        std::string text{"x"};
        for (int i = 0; i < 150; ++i) text += "ü";
        return text;
    }();
    const std::string text = change_text({Seconds{0}, {1}, {2}, umlauts});
    EXPECT_THAT(text, EndsWith("ü ..."));
    EXPECT_LT(text.size(), 220U);
}

}  // namespace
}  // namespace fas::simulation
