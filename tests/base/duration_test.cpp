#include "base/duration.h"

#include <gtest/gtest.h>

namespace fas {
namespace {

TEST(Duration, IsANumberWithItsUnit) {
    EXPECT_EQ(parse_duration("250ms"), Seconds{0.25});
    EXPECT_EQ(parse_duration("1.5s"), Seconds{1.5});
    EXPECT_EQ(parse_duration("2m"), Seconds{120});
    EXPECT_EQ(parse_duration("3h"), Seconds{10'800});
    EXPECT_EQ(parse_duration("14d"), Seconds{1'209'600});
}

TEST(Duration, IsNothingElse) {
    for (const char* text :
         {"", "s", "1", "1 s", "-1s", "0s", "1w", "1e3s", "1ss", "1.2.3s", "0.0ms", ".s"}) {
        EXPECT_EQ(parse_duration(text), std::nullopt) << text;
    }
}

}  // namespace
}  // namespace fas
