#include "base/parse_number.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>

namespace fas {
namespace {

TEST(ParseNumber, TakesTheWholeText) {
    EXPECT_EQ(parse_number<int>("-12"), -12);
    EXPECT_EQ(parse_number<std::int64_t>("9223372036854775807"), INT64_MAX);
    EXPECT_EQ(parse_number<double>("-1.5e3"), -1500.0);
    EXPECT_EQ(parse_number<unsigned>("ff", 16), 255U);
    // A part of a longer text, after which there are more digits.
    EXPECT_EQ(parse_number<int>(std::string_view{"1234"}.substr(0, 2)), 12);
}

TEST(ParseNumber, TakesNothingElse) {
    for (const char* text : {"", " 1", "1 ", "+1", "0x1", "1.5", "1e3", "many", "-", "1-"}) {
        EXPECT_FALSE(parse_number<int>(text)) << text;
    }
    for (const char* text : {"", " 1", "1 ", "+1", "0x1p3", "1,5", "1e999"}) {
        EXPECT_FALSE(parse_number<double>(text)) << text;
    }
}

TEST(ParseNumber, TakesWhatTheTypeHolds) {
    EXPECT_FALSE(parse_number<std::uint16_t>("65536"));
    EXPECT_FALSE(parse_number<unsigned>("-1"));
    EXPECT_FALSE(parse_number<std::int64_t>("9223372036854775808"));
    EXPECT_TRUE(std::isinf(parse_number<double>("inf").value()));
}

}  // namespace
}  // namespace fas
