#include "scaling/future_records.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scaling/backlog.h"
#include "tests/scaling/examples.h"
#include "tests/scaling/judged.h"

namespace fas::scaling {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using ::testing::HasSubstr;

class FutureRecordsTest : public ::testing::Test {
  protected:
    Decision check(seconds later, std::int64_t messages = 0) {
        Situation situation =
            seen({.queue = depth(messages), .service = {Tasks{50}, Tasks{50}, Tasks{0}}},
                 now + later, history_);
        const Judgement judgement = judge(mind_, memory_, situation);
        memory_ = judgement.memory;
        return judgement.decision;
    }

    Mind mind_ = mind_with(BacklogPolicy{{.target_messages_per_task = 10}}, one_to_hundred);
    History history_{Never{}, ScalingAction{.at = now + hours{24 * 365}}};
    Memory memory_;
};

TEST_F(FutureRecordsTest, CountFromWhenTheyWereFirstSeen) {
    const Decision first = check(seconds{0});
    EXPECT_EQ(first.action, Action::hold);
    EXPECT_THAT(first.reason,
                HasSubstr("is in the future, and counts from when that was first seen"));
    EXPECT_EQ(check(seconds{119}).action, Action::hold);
    EXPECT_EQ(check(seconds{120}).action, Action::scale_in);
}

TEST_F(FutureRecordsTest, HoldNoScaleOut) {
    history_.scale_out = history_.scale_in;
    EXPECT_EQ(check(seconds{0}, 1000).action, Action::scale_out);
}

// The clock was set back: what it had recorded before is some time off.
TEST_F(FutureRecordsTest, AreOthersWhereAnotherIsRecorded) {
    check(seconds{0});
    history_.scale_in = ScalingAction{.at = now + hours{2}};
    EXPECT_EQ(check(seconds{120}).action, Action::hold);
    EXPECT_EQ(check(seconds{240}).action, Action::scale_in);
}

TEST_F(FutureRecordsTest, AreNewUntilTheyAreRemembered) {
    EXPECT_TRUE(has_new_future(history_, memory_.future_records, now));
    check(seconds{0});
    EXPECT_FALSE(has_new_future(history_, memory_.future_records, now));
    history_.scale_out = ScalingAction{.at = now + hours{2}};
    EXPECT_TRUE(has_new_future(history_, memory_.future_records, now));
    history_ = {Unknown{}, ScalingAction{.at = now + seconds{200}}};
    EXPECT_FALSE(has_new_future(history_, memory_.future_records, now));
}

TEST_F(FutureRecordsTest, AreForgottenWithTheRecord) {
    check(seconds{0});
    history_.scale_in = Never{};
    EXPECT_EQ(check(seconds{1}).action, Action::scale_in);
    EXPECT_TRUE(memory_.future_records.empty());
}

TEST_F(FutureRecordsTest, AreNoneWhereClocksDifferALittle) {
    history_.scale_in = ScalingAction{.at = now + seconds{200}};
    EXPECT_THAT(check(seconds{0}).reason, HasSubstr("cooldown left"));
    EXPECT_TRUE(memory_.future_records.empty());
}

}  // namespace
}  // namespace fas::scaling
