#include "base/take.h"

#include <gtest/gtest.h>

namespace fas {
namespace {

TEST(Take, TakesWhatIsThereOffTheFront) {
    std::string_view text = "arn:aws";
    EXPECT_TRUE(take(text, "arn"));
    EXPECT_TRUE(take(text, ':'));
    EXPECT_EQ(text, "aws");
    EXPECT_TRUE(take(text, ""));
    EXPECT_EQ(text, "aws");
}

TEST(Take, LeavesATextThatBeginsOtherwise) {
    std::string_view text = "ar";
    EXPECT_FALSE(take(text, "arn"));
    EXPECT_FALSE(take(text, 'r'));
    EXPECT_EQ(text, "ar");
    std::string_view empty;
    EXPECT_FALSE(take(empty, ':'));
}

}  // namespace
}  // namespace fas
