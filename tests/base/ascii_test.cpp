#include "base/ascii.h"

#include <gtest/gtest.h>

namespace fas {
namespace {

TEST(Ascii, KnowsItsOwnLettersAndDigitsAlone) {
    for (const char c : std::string_view{"azAZ"}) {
        EXPECT_TRUE(is_letter(c) && is_alphanumeric(c) && !is_digit(c)) << c;
    }
    for (const char c : std::string_view{"09"}) {
        EXPECT_TRUE(is_digit(c) && is_alphanumeric(c) && !is_letter(c)) << c;
    }
    for (const char c : std::string_view{"@[`{/:_\xc3\xa4\0", 9}) EXPECT_FALSE(is_alphanumeric(c));
    EXPECT_TRUE(is_lower_letter('a'));
    EXPECT_FALSE(is_lower_letter('A'));
}

TEST(Ascii, ATextOfLettersDigitsAndOthers) {
    EXPECT_TRUE(is_alphanumeric_or("-_", "Jobs_1-2"));
    EXPECT_TRUE(is_alphanumeric_or("-_", ""));
    EXPECT_FALSE(is_alphanumeric_or("-_", "jobs.fifo"));
    EXPECT_FALSE(is_alphanumeric_or("-_",
                                    "j\xc3\xb6"
                                    "bs"));
}

TEST(Ascii, OnlyItsCapitalsHaveSmallLetters) {
    EXPECT_EQ(lower_case("AZ-az-@[\xc3\x84"), "az-az-@[\xc3\x84");
    EXPECT_EQ(lower_case(""), "");
}

}  // namespace
}  // namespace fas
