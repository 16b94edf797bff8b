#include "simulation/trace_csv.h"

#include <gtest/gtest.h>

namespace fas::simulation {
namespace {

Trace trace_of(std::string_view text) {
    auto reading = read_trace_csv(text);
    EXPECT_TRUE(reading) << reading.error().message;
    return reading ? std::move(reading->trace) : Trace{};
}

std::string refusal_of_trace(std::string_view text) {
    const auto reading = read_trace_csv(text);
    return reading ? "" : reading.error().message;
}

TEST(TraceCsv, CountsOfBins) {
    const Trace trace = trace_of("time,messages\n2026-11-30T00:00:00Z,5\n2026-11-30T00:05:00Z,7\n");
    EXPECT_EQ(trace.start, parse_iso8601("2026-11-30T00:00:00Z"));
    EXPECT_EQ(trace.bin, Seconds{300});
    EXPECT_EQ(trace.counts, (std::vector<double>{5, 7}));
    EXPECT_EQ(trace.length(), Seconds{600});
}

TEST(TraceCsv, RatesOfMinutes) {
    const Trace trace = trace_of("minute,messages_per_second\r\n0,0.5\r\n1,2\r\n");
    EXPECT_EQ(trace.bin, Seconds{60});
    EXPECT_EQ(trace.counts, (std::vector<double>{30, 120}));
}

TEST(TraceCsv, MomentsOfMessages) {
    const Trace trace = trace_of("1700000000\n1700000000.5\n\n# a pause\n1700000060\n");
    EXPECT_EQ(trace.start, from_epoch_seconds(1'700'000'000));
    EXPECT_EQ(trace.moments, (std::vector{Seconds{0}, Seconds{0.5}, Seconds{60}}));
}

TEST(TraceCsv, WithoutNames) {
    EXPECT_EQ(trace_of("0;3\n10;4\n").counts, (std::vector<double>{3, 4}));
}

TEST(TraceCsv, BinsThatAreLeftOutAreEmptyAndSaidSo) {
    const auto reading = read_trace_csv("0,3\n60,4\n240,5\n");
    ASSERT_TRUE(reading);
    EXPECT_EQ(reading->trace.counts, (std::vector<double>{3, 4, 0, 0, 5}));
    EXPECT_EQ(reading->note, "2 bins were left out and counted as 0");
}

TEST(TraceCsv, SaysWhichLineIsWrong) {
    EXPECT_EQ(refusal_of_trace(""), "there is no line of numbers in it");
    EXPECT_EQ(refusal_of_trace("0,1\nx,2\n"),
              "line 2: x is no time; it must be a number of seconds, or like 2026-11-30T12:00:00Z");
    EXPECT_EQ(refusal_of_trace("0,1\n60,-1\n"),
              "line 2: -1 is no count; it must be a number from 0 to a billion");
    EXPECT_EQ(refusal_of_trace("60,1\n0,1\n"),
              "line 2: the time is before that of the line above; sort the lines by time");
    EXPECT_EQ(refusal_of_trace("0,1\n60\n"), "line 2: the second column is missing");
    EXPECT_EQ(refusal_of_trace("0\n60,1\n"), "line 2: there is a second column");
    EXPECT_EQ(refusal_of_trace("0,1,2\n"),
              "line 1: there are more than two columns; give the time and the count");
    EXPECT_EQ(refusal_of_trace("time,weight\n0,1\n"),
              "line 1: the second column is weight; name it messages for counts of a bin, or "
              "messages_per_second for rates");
    EXPECT_EQ(refusal_of_trace("0,1\n"), "line 1: one line is no trace; give two or more");
    EXPECT_EQ(refusal_of_trace("0,1\n60,1\n90,1\n"),
              "line 1: the times are not all 60 s apart, as the first two are (see 90 s after the "
              "first)");
    EXPECT_EQ(refusal_of_trace("0,1\n0,1\n"), "line 2: two lines are of the same time");
    EXPECT_EQ(refusal_of_trace("0,1\n1,1\n1e8,1\n"),
              "line 3: that is too long after the first for bins of this length");
    EXPECT_EQ(refusal_of_trace("0\n1e12\n"),
              "line 2: the time is more than ten years after the first");
}

}  // namespace
}  // namespace fas::simulation
