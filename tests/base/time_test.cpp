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

TEST(Time, RefusesTimesThatCannotBeWritten) {
    for (const char* text : {"0000-01-01T00:00:00+23:59", "1969-12-31T23:59:59Z",
                             "9999-12-31T23:59:60Z", "9999-12-31T23:59:59-00:01"}) {
        EXPECT_EQ(parse_iso8601(text), std::nullopt) << text;
    }
    EXPECT_EQ(parse_http_date("Sat, 01 Jan 0000 00:00:00 GMT"), std::nullopt);
    EXPECT_EQ(parse_http_date("Fri, 31 Dec 9999 23:59:60 GMT"), std::nullopt);
    EXPECT_EQ(parse_iso8601("1970-01-01T01:00:00+01:00"), at(0));
    EXPECT_EQ(parse_iso8601("9999-12-31T23:59:59Z"), at(253402300799));
}

TEST(Time, ReadsTheDateHeader) {
    EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), at(784111777));
    EXPECT_EQ(parse_http_date("Thu, 29 Feb 2024 23:59:60 GMT"), at(1709251200));
}

TEST(Time, RefusesOtherHttpDates) {
    for (const char* text : {"", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
                             "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 UTC",
                             "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 30 Feb 1994 08:49:37 GMT",
                             "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Now 1994 08:49:37 GMT",
                             "Sun, 06 Nov 1994 08:49:37 GMT "}) {
        EXPECT_EQ(parse_http_date(text), std::nullopt) << text;
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
