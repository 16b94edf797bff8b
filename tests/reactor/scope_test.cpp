#include "reactor/scope.h"

#include <gtest/gtest.h>

namespace fas::reactor {
namespace {

using std::chrono::hours;
using std::chrono::steady_clock;

TEST(Scope, WithinEndsAtTheEarlierOfBothLimits) {
    const Scope day = Scope().within(hours(24));
    EXPECT_LT(day.within(hours(1)).deadline, day.deadline);
    EXPECT_EQ(day.within(hours(48)).deadline, day.deadline);
}

TEST(Scope, WithinTakesTheLongestLimitThereIs) {
    EXPECT_GT(Scope().within(Milliseconds::max()).deadline, steady_clock::now() + hours(24));
}

TEST(Scope, WithinKeepsTheStopToken) {
    std::stop_source source;
    const Scope scope = Scope{.stop = source.get_token()}.within(hours(1));
    source.request_stop();
    EXPECT_TRUE(scope.stop.stop_requested());
}

TEST(Scope, IsOverOnceStoppedOrLate) {
    std::stop_source source;
    const Scope scope{.stop = source.get_token()};
    EXPECT_FALSE(scope.over());
    source.request_stop();
    EXPECT_TRUE(scope.over());
    EXPECT_TRUE(Scope{.deadline = steady_clock::now()}.over());
}

TEST(Cancelled, SaysWhichLimitEndedIt) {
    EXPECT_EQ(cancelled(Scope(), "during a nap").message, "deadline passed during a nap");
    std::stop_source source;
    source.request_stop();
    const Error error = cancelled(Scope{.stop = source.get_token()}, "during a nap");
    EXPECT_EQ(error.kind, ErrorKind::cancelled);
    EXPECT_EQ(error.code, "Stopped");
    EXPECT_EQ(error.message, "stopped during a nap");
}

}  // namespace
}  // namespace fas::reactor
