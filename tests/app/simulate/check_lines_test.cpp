#include "app/simulate/check_lines.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fas::app {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string check_line(int second, int visible, int in_flight, std::string_view more = "") {
    return fmt::format(
        "{{\"time\": \"2026-11-30T00:00:{:02}Z\", \"target\": \"shop/worker\", \"visible\": {}, "
        "\"in_flight\": {}{}}}\n",
        second, visible, in_flight, more);
}

std::string trouble_of(std::string_view text, std::optional<Seconds> processing_time = {}) {
    const auto found = read_check_lines(text, processing_time);
    return found ? "" : found.error().message;
}

TEST(CheckLines, WhatCameIsWhatTheBacklogGrewByAndWhatWasFinished) {
    // Two in hand of 5 s each: two are finished in 5 s, and the backlog is as it was.
    const auto found = read_check_lines(
        check_line(0, 3, 2) + check_line(5, 3, 2) + check_line(10, 5, 2), Seconds{5});
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_EQ(found->trace.start, parse_iso8601("2026-11-30T00:00:00Z"));
    EXPECT_THAT(found->trace.moments, ElementsAre(Seconds{1.25}, Seconds{3.75}, Seconds{5.625},
                                                  Seconds{6.875}, Seconds{8.125}, Seconds{9.375}));
    EXPECT_THAT(found->notes,
                ElementsAre(HasSubstr("computed from the backlog and 5 s a message")));
}

TEST(CheckLines, ARateThatTheSourceTellsIsBelieved) {
    const auto found = read_check_lines(
        check_line(0, 9, 9) + check_line(10, 0, 0, ", \"publish_rate\": 0.2"), std::nullopt);
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_THAT(found->trace.moments, ElementsAre(Seconds{2.5}, Seconds{7.5}));
    EXPECT_TRUE(found->notes.empty());
}

TEST(CheckLines, LinesWithoutACountArePassedOver) {
    const auto found = read_check_lines(check_line(0, 0, 0) +
                                            "{\"time\": \"2026-11-30T00:00:05Z\", \"target\": "
                                            "\"shop/worker\", \"visible\": null}\n" +
                                            check_line(10, 1, 0),
                                        Seconds{5});
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_THAT(found->trace.moments, ElementsAre(Seconds{5}));
    EXPECT_THAT(found->notes.back(), HasSubstr("1 line without a count"));
}

TEST(CheckLines, SaysWhatIsMissing) {
    EXPECT_THAT(trouble_of(check_line(0, 1, 1) + check_line(5, 1, 1)),
                HasSubstr("line 2: what came in follows from these counts where the mean time of a "
                          "message is known: give --processing-time"));
    EXPECT_THAT(trouble_of("{\"visible\": 1}\n"), HasSubstr("line 1: it has no time"));
    EXPECT_THAT(trouble_of(check_line(5, 1, 0) + check_line(0, 1, 0), Seconds{1}),
                HasSubstr("line 2: it is of before the line above"));
    EXPECT_THAT(trouble_of(check_line(0, 1, 0) +
                           "{\"time\": \"2026-11-30T00:00:05Z\", \"target\": \"a/b\"}\n"),
                HasSubstr("line 2: it is of a/b, and those before of shop/worker"));
    EXPECT_EQ(trouble_of(check_line(0, 5, 0) + check_line(5, 5, 0), Seconds{1}),
              "by these lines, no message came");
}

}  // namespace
}  // namespace fas::app
