#include "scaling/backlog.h"

#include <gtest/gtest.h>

namespace fas::scaling {
namespace {

std::int64_t desired(const BacklogParameters& parameters, std::int64_t visible,
                     std::optional<std::int64_t> in_flight, std::int64_t current,
                     std::int64_t running = 0) {
    const Demand demand{Messages{visible},
                        in_flight ? std::optional{Messages{*in_flight}} : std::nullopt};
    const ServiceState service{Tasks{current}, Tasks{running}, Tasks{0}, false};
    return BacklogPolicy{parameters}.propose(demand, service).desired.value;
}

TEST(Backlog, IsTheMessagesDividedByTheTargetRoundedUp) {
    EXPECT_EQ(desired({.target_messages_per_task = 5}, 101, 0, 1), 21);
    EXPECT_EQ(desired({.target_messages_per_task = 5}, 100, 0, 1), 20);
}

TEST(Backlog, CountsMessagesInFlightUnlessToldOtherwise) {
    EXPECT_EQ(desired({.target_messages_per_task = 10}, 100, 50, 1), 15);
    EXPECT_EQ(desired({.target_messages_per_task = 10, .count_in_flight = false}, 100, 50, 1), 10);
}

TEST(Backlog, DoesNotDependOnWhatRunsYet) {
    EXPECT_EQ(desired({.target_messages_per_task = 10}, 1000, 0, 100, 3), 100);
    EXPECT_EQ(desired({.target_messages_per_task = 10}, 1000, 0, 10, 10), 100);
}

TEST(Backlog, ToleratesTenPercentByDefault) {
    EXPECT_EQ(desired({.target_messages_per_task = 10}, 1100, 0, 100), 100);
    EXPECT_EQ(desired({.target_messages_per_task = 10}, 1101, 0, 100), 111);
    EXPECT_EQ(desired({.target_messages_per_task = 10}, 900, 0, 100), 100);
    EXPECT_EQ(desired({.target_messages_per_task = 10}, 899, 0, 100), 90);
}

TEST(Backlog, AToleranceOfZeroFollowsEveryMessage) {
    EXPECT_EQ(desired({.target_messages_per_task = 10, .tolerance = 0}, 1001, 0, 100), 101);
}

TEST(Backlog, NothingIsWithinToleranceOfZeroTasks) {
    EXPECT_EQ(desired({.target_messages_per_task = 10}, 1, 0, 0), 1);
    EXPECT_EQ(desired({.target_messages_per_task = 10}, 0, 0, 0), 0);
}

TEST(Backlog, AnEmptyQueueNeedsNoTask) { EXPECT_EQ(desired({}, 0, 0, 7), 0); }

TEST(Backlog, UnknownInFlightStopsAScaleInAndNotAScaleOut) {
    EXPECT_EQ(desired({.target_messages_per_task = 10}, 10, std::nullopt, 5), 5);
    EXPECT_EQ(desired({.target_messages_per_task = 10}, 100, std::nullopt, 5), 10);
}

}  // namespace
}  // namespace fas::scaling
