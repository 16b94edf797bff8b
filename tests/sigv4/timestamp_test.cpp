#include "sigv4/timestamp.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace fas::sigv4 {
namespace {

using namespace std::chrono_literals;

TimePoint at(std::chrono::year_month_day day, std::chrono::microseconds time_of_day) {
    return std::chrono::sys_days(day) + time_of_day;
}

TEST(Timestamp, WritesBasicIso8601InUtc) {
    const Timestamp timestamp(at(2015y / 8 / 30, 12h + 36min));
    EXPECT_EQ(timestamp.date_and_time(), "20150830T123600Z");
    EXPECT_EQ(timestamp.date(), "20150830");
}

TEST(Timestamp, CutsFractionsOfASecondInsteadOfRounding) {
    const auto almost_midnight = at(2023y / 12 / 31, 24h - 1us);
    EXPECT_EQ(Timestamp(almost_midnight).date_and_time(), "20231231T235959Z");
    EXPECT_EQ(Timestamp(almost_midnight + 1us).date_and_time(), "20240101T000000Z");
}

TEST(Timestamp, KnowsLeapDays) {
    EXPECT_EQ(Timestamp(at(2024y / 2 / 29, 1s)).date_and_time(), "20240229T000001Z");
}

TEST(Timestamp, WritesTimesBeforeTheEpoch) {
    EXPECT_EQ(Timestamp(TimePoint(-1us)).date_and_time(), "19691231T235959Z");
}

TEST(Timestamp, KeepsItsFormForTimesFarBeyondFourDigitYears) {
    for (const TimePoint time : {TimePoint::min(), TimePoint::max()}) {
        const std::string text(Timestamp(time).date_and_time());
        EXPECT_EQ(text.size(), 16U);
        EXPECT_EQ(text.find_first_not_of("0123456789TZ"), std::string::npos) << text;
    }
}

}  // namespace
}  // namespace fas::sigv4
