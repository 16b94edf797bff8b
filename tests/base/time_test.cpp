#include "base/time.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace fas {
namespace {

TimePoint at(double seconds) { return *from_epoch_seconds(seconds); }

TEST(Time, ReadsWhatPythonWrites) {
    EXPECT_EQ(parse_iso8601("2023-04-24T14:15:34.567891"), at(1682345734.567891));
    EXPECT_EQ(parse_iso8601("2023-04-24T14:15:34"), at(1682345734));
    EXPECT_EQ(parse_iso8601("2023-04-24 14:15:34"), at(1682345734));
    EXPECT_EQ(parse_iso8601("2023-04-24T14:15:34+00:00"), at(1682345734));
}

TEST(Time, HonoursTheOffset) {
    EXPECT_EQ(parse_iso8601("2023-04-24T16:15:34+02:00"), at(1682345734));
    EXPECT_EQ(parse_iso8601("2023-04-24T09:45:34-0430"), at(1682345734));
    EXPECT_EQ(parse_iso8601("2023-04-24T14:15:34Z"), at(1682345734));
}

TEST(Time, CutsTheFractionToMicroseconds) {
    EXPECT_EQ(parse_iso8601("2023-04-24T14:15:34.5Z"), at(1682345734.5));
    EXPECT_EQ(parse_iso8601("2023-04-24T14:15:34.123456789Z"), at(1682345734.123456));
}

TEST(Time, RefusesWhatIsNoTime) {
    for (const char* text :
         {"", "yesterday", "2023-04-24", "2023-13-24T14:15:34Z", "2023-02-29T14:15:34Z",
          "2023-04-24T24:15:34Z", "2023-04-24T14:60:34Z", "2023-04-24T14:15:34.Z",
          "2023-04-24T14:15:34.1234567890Z", "2023-04-24T14:15:34X", "2023-04-24T14:15:34+2",
          "2023-04-24T14:15:34Z ", "+023-04-24T14:15:34Z"}) {
        EXPECT_EQ(parse_iso8601(text), std::nullopt) << text;
    }
}

TEST(Time, EpochSecondsKeepMicroseconds) {
    EXPECT_EQ(to_epoch_seconds(at(1682341234.567)), 1682341234.567);
    EXPECT_EQ(to_iso8601(at(1682341234.567)), "2023-04-24T13:00:34.567000Z");
    EXPECT_EQ(to_iso8601(at(0)), "1970-01-01T00:00:00Z");
}

TEST(Time, EpochSecondsOutOfRangeAreNoTime) {
    for (const double seconds :
         {-1.0, 1e12, std::nan(""), std::numeric_limits<double>::infinity()}) {
        EXPECT_EQ(from_epoch_seconds(seconds), std::nullopt) << seconds;
    }
}

}  // namespace
}  // namespace fas
