#include "scaling/fallback.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "scaling/backlog.h"
#include "tests/scaling/examples.h"
#include "tests/scaling/judged.h"

namespace fas::scaling {
namespace {

using ::testing::HasSubstr;

// One target, checked every 10 s with one task for each ten messages.
struct Checked {
    explicit Checked(Fallback given) : fallback(given) {}

    Decision read(const QueueDepth& depth_read) {
        now += std::chrono::seconds{10};
        Mind mind = mind_with(BacklogPolicy{{.target_messages_per_task = 10}}, rules);
        mind.fallback = fallback;
        Observation observation;
        observation.service = {Tasks{tasks}, Tasks{tasks}, Tasks{0}, false};
        Situation situation = seen(observation, now, past);
        situation.queues.front() = {.depth = depth_read, .why = "connection refused"};
        if (!depth_read.visible) situation.queues.front().depth.reset();
        situation.protection = protection;
        const Judgement judgement = judge(mind, memory, situation);
        memory = judgement.memory;
        return judgement.decision;
    }
    Decision fail() { return read({}); }
    Decision fail_times(int times) {
        for (int i = 1; i < times; ++i) fail();
        return fail();
    }

    Fallback fallback;
    Rules rules = zero_to_hundred;
    std::int64_t tasks = 20;
    Memory memory;
    History past{Never{}, Never{}};
    Protection protection{Tasks{0}};
    TimePoint now = scaling::now;
};

TEST(Fallback, HoldsByDefaultHoweverOftenAReadingFails) {
    Checked checked{{}};
    const Decision decision = checked.fail_times(50);
    EXPECT_EQ(decision.action, Action::hold);
    EXPECT_THAT(decision.reason, HasSubstr("unknown (connection refused)"));
}

TEST(Fallback, ActsAfterMoreThanTheThresholdInARow) {
    Checked checked{{.behavior = FallbackBehavior::fixed, .fallback_tasks = Tasks{30}}};
    EXPECT_EQ(checked.fail_times(3).action, Action::hold);
    const Decision decision = checked.fail();
    EXPECT_EQ(decision.action, Action::scale_out);
    EXPECT_EQ(decision.desired, Tasks{30});
    EXPECT_THAT(decision.reason, HasSubstr("4 times in a row: the fallback is static, 30 tasks"));
}

TEST(Fallback, ASingleSuccessEndsTheRow) {
    Checked checked{{.behavior = FallbackBehavior::fixed, .fallback_tasks = Tasks{30}}};
    checked.fail_times(3);
    checked.read(depth(200));
    EXPECT_EQ(checked.fail_times(3).action, Action::hold);
    EXPECT_EQ(checked.fail().action, Action::scale_out);
}

TEST(Fallback, AThresholdOfZeroActsAtTheFirstFailure) {
    Checked checked{
        {.behavior = FallbackBehavior::fixed, .failure_threshold = 0, .fallback_tasks = Tasks{30}}};
    EXPECT_EQ(checked.fail().desired, Tasks{30});
}

TEST(Fallback, EachBehaviorFromAboveAndBelow) {
    struct Case {
        FallbackBehavior behavior;
        std::int64_t current;
        std::int64_t desired;
    };
    const std::vector<Case> cases = {
        {FallbackBehavior::hold, 20, 20},
        {FallbackBehavior::fixed, 20, 30},
        {FallbackBehavior::fixed, 40, 30},
        {FallbackBehavior::current, 20, 20},
        {FallbackBehavior::current, 40, 40},
        {FallbackBehavior::current_if_higher, 20, 30},
        {FallbackBehavior::current_if_higher, 40, 40},
        {FallbackBehavior::current_if_lower, 20, 20},
        {FallbackBehavior::current_if_lower, 40, 30},
    };
    for (const Case& c : cases) {
        Checked checked{{.behavior = c.behavior, .fallback_tasks = Tasks{30}}};
        checked.tasks = c.current;
        EXPECT_EQ(checked.fail_times(4).desired, Tasks{c.desired})
            << name_of(c.behavior, fallback_names) << " at " << c.current;
    }
}

TEST(Fallback, KeepsWithinTheBounds) {
    Checked checked{{.behavior = FallbackBehavior::fixed, .fallback_tasks = Tasks{500}}};
    EXPECT_EQ(checked.fail_times(4).desired, Tasks{100});
    Checked low{{.behavior = FallbackBehavior::current}};
    low.rules = two_to_hundred;
    low.tasks = 1;
    EXPECT_EQ(low.fail_times(4).desired, Tasks{2});
}

TEST(Fallback, IsPausedProtectedAndCooledDownAsAnythingElse) {
    Checked checked{{.behavior = FallbackBehavior::fixed, .fallback_tasks = Tasks{5}}};
    const Decision wanted = checked.fail_times(4);
    EXPECT_EQ(wanted.action, Action::scale_in);
    checked.protection = {Tasks{12}};
    EXPECT_EQ(checked.fail().desired, Tasks{12});
    checked.protection = {Tasks{0}};
    checked.past.scale_in = ScalingAction{.at = checked.now, .backlog = {}, .desired = {}};
    EXPECT_EQ(checked.fail().action, Action::hold);
    checked.past.scale_in = Never{};
    checked.rules.pause = Pause::in;
    EXPECT_EQ(checked.fail().action, Action::hold);
    checked.rules.pause = Pause::none;
    checked.rules.in_flight_per_task = 1;  // and how many are in flight is not known
    EXPECT_EQ(checked.fail().action, Action::hold);
}

TEST(Fallback, DoesNotStartAServiceThatAPersonStopped) {
    Checked checked{{.behavior = FallbackBehavior::fixed, .fallback_tasks = Tasks{30}}};
    checked.rules = two_to_hundred;
    checked.tasks = 0;
    EXPECT_EQ(checked.fail_times(4).action, Action::hold);
    checked.rules = zero_to_hundred;  // here 0 tasks are the policy's own doing
    EXPECT_EQ(checked.fail().desired, Tasks{30});
}

TEST(LastGood, StandsInForAWhileAndScalesOutOnly) {
    Checked checked{{.last_good_max_age = Seconds{60}}};
    checked.read(depth(500));
    const Decision out = checked.fail();
    EXPECT_EQ(out.action, Action::scale_out);
    EXPECT_EQ(out.desired, Tasks{50});
    checked.tasks = 80;
    const Decision in = checked.fail();
    EXPECT_EQ(in.action, Action::hold);
    EXPECT_THAT(in.reason, HasSubstr("connection refused; the reading of 20 s ago stands in"));
}

TEST(LastGood, IsNotUsedBeyondItsAge) {
    Checked checked{{.last_good_max_age = Seconds{20}}};
    checked.read(depth(500));
    EXPECT_EQ(checked.fail_times(2).action, Action::scale_out);
    EXPECT_EQ(checked.fail().action, Action::hold);
}

TEST(LastGood, GoesBeforeTheFallbackAndFailuresAreCountedMeanwhile) {
    Checked checked{{.behavior = FallbackBehavior::fixed,
                     .fallback_tasks = Tasks{30},
                     .last_good_max_age = Seconds{50}}};
    checked.read(depth(500));
    EXPECT_EQ(checked.fail_times(5).desired, Tasks{50});
    EXPECT_EQ(checked.fail().desired, Tasks{30});
}

TEST(LastGood, AnEmptyQueueOfThenDoesNotScaleToZero) {
    Checked checked{{.last_good_max_age = Seconds{600}}};
    checked.read(depth(0));
    EXPECT_EQ(checked.fail().action, Action::hold);
}

TEST(LastGood, ALeastIsNotRememberedAsGood) {
    Checked checked{{.last_good_max_age = Seconds{600}}};
    QueueDepth least = depth(900);
    least.missing = "b: timed out";
    checked.read(least);
    EXPECT_EQ(checked.fail().action, Action::hold);
}

TEST(LastGood, ItsAgeIsCountedFromItsMeasurement) {
    Checked checked{{.last_good_max_age = Seconds{60}}};
    QueueDepth measured = depth(500);
    measured.measured_at = now - std::chrono::seconds{45};
    checked.read(measured);
    EXPECT_EQ(checked.fail().action, Action::hold);
}

TEST(LastGood, OneOfTheFutureIsNoneOnceTheClockWentBack) {
    Checked checked{{.last_good_max_age = Seconds{60}}};
    checked.read(depth(500));
    checked.now -= std::chrono::hours{1};
    EXPECT_EQ(checked.fail().action, Action::hold);
}

}  // namespace
}  // namespace fas::scaling
