#include "base/quantity.h"

#include <gtest/gtest.h>

namespace fas {
namespace {

TEST(Quantity, OneThingIsOneAndAnyOtherNumberAreMany) {
    EXPECT_EQ(quantity(Tasks{1}), "1 task");
    EXPECT_EQ(quantity(Tasks{0}), "0 tasks");
    EXPECT_EQ(quantity(Messages{1}), "1 message");
    EXPECT_EQ(quantity(Messages{21}), "21 messages");
    EXPECT_EQ(quantity(1, "discovery", "discoveries"), "1 discovery");
    EXPECT_EQ(quantity(2, "discovery", "discoveries"), "2 discoveries");
}

TEST(Quantity, TheVerbGoesByTheNumberToo) {
    EXPECT_EQ(is_or_are(Messages{1}), "is");
    EXPECT_EQ(is_or_are(Messages{0}), "are");
    EXPECT_EQ(verb_ending(Tasks{1}), "s");
    EXPECT_EQ(verb_ending(Tasks{2}), "");
}

}  // namespace
}  // namespace fas
