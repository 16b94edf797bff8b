// The decision as a whole, one rule after the other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "scaling/backlog.h"
#include "scaling/judge.h"
#include "scaling/step.h"
#include "scaling/threshold.h"
#include "tests/scaling/examples.h"
#include "tests/scaling/judged.h"

namespace fas::scaling {
namespace {

using ::testing::HasSubstr;

TimePoint seconds_ago(int seconds) { return now - std::chrono::seconds{seconds}; }

Observation observed(std::optional<std::int64_t> visible, std::optional<std::int64_t> in_flight,
                     std::int64_t desired) {
    Observation observation;
    if (visible) observation.queue.visible = Messages{*visible};
    if (in_flight) observation.queue.in_flight = Messages{*in_flight};
    observation.service = {Tasks{desired}, Tasks{desired}, Tasks{0}, false};
    return observation;
}

History never() { return {Never{}, Never{}}; }

ScalingAction at(int seconds, std::optional<std::int64_t> backlog = std::nullopt) {
    ScalingAction action{.at = seconds_ago(seconds), .backlog = {}, .desired = {}};
    if (backlog) action.backlog = Messages{*backlog};
    return action;
}

// One task for each ten messages, so that the wanted count is plain to see.
Decision ten_each(const Observation& observation, const Rules& rules,
                  const History& history = never()) {
    return judged(mind_with(BacklogPolicy{{.target_messages_per_task = 10}}, rules), observation,
                  now, history);
}

TEST(Decide, ScalesOutAndSaysWhy) {
    const Decision decision = ten_each(observed(500, 0, 10), one_to_hundred);
    EXPECT_EQ(decision.action, Action::scale_out);
    EXPECT_EQ(decision.current, Tasks{10});
    EXPECT_EQ(decision.desired, Tasks{50});
    EXPECT_EQ(decision.backlog, Messages{500});
    EXPECT_THAT(decision.reason, HasSubstr("500 messages at 10 a task need 50 tasks"));
}

TEST(Decide, ScalesIn) {
    const Decision decision = ten_each(observed(100, 0, 50), one_to_hundred);
    EXPECT_EQ(decision.action, Action::scale_in);
    EXPECT_EQ(decision.desired, Tasks{10});
}

// What an SQS-compatible server counts is foreign: a sum that wrapped around would be below zero.
TEST(Decide, TheFullestQueueThereCanBeScalesOut) {
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    const Observation full = observed(most, most, 50);
    EXPECT_EQ(ten_each(full, zero_to_hundred).action, Action::scale_out);
    const auto threshold = mind_with(ThresholdPolicy{{.use_combined_messages = true}},
                                     Rules{.min_tasks = Tasks{0}, .max_tasks = Tasks{100}});
    EXPECT_EQ(judged(threshold, full, now, never()).action, Action::scale_out);

    const Decision from_zero = ten_each(observed(most, 1, 0), zero_to_hundred);
    EXPECT_EQ(from_zero.action, Action::scale_out);
    EXPECT_EQ(from_zero.backlog, Messages{most});
}

Observation within(Observation observation, std::int64_t own_min, std::int64_t own_max) {
    observation.service.own_min = Tasks{own_min};
    observation.service.own_max = Tasks{own_max};
    return observation;
}

TEST(Decide, StaysWithinTheTargetsOwnBoundsToo) {
    const Decision out = ten_each(within(observed(500, 0, 10), 3, 20), one_to_hundred);
    EXPECT_EQ(out.action, Action::scale_out);
    EXPECT_EQ(out.desired, Tasks{20});
    EXPECT_THAT(out.reason, HasSubstr("need 50 tasks, at most 20 (the target's own bound)"));

    const Decision in = ten_each(within(observed(0, 0, 10), 3, 20), one_to_hundred);
    EXPECT_EQ(in.desired, Tasks{3});
    EXPECT_THAT(in.reason, HasSubstr("at least 3 (the target's own bound)"));

    const Decision full = ten_each(within(observed(500, 0, 20), 3, 20), one_to_hundred);
    EXPECT_EQ(full.action, Action::hold);
    EXPECT_THAT(full.reason, HasSubstr("at most 20 (the target's own bound)"));
}

TEST(Decide, HoldAtCannotLeaveTheTargetsOwnBounds) {
    Rules rules = one_to_hundred;
    rules.hold_at = Tasks{50};
    const Decision held = ten_each(within(observed(0, 0, 10), 3, 20), rules);
    EXPECT_EQ(held.desired, Tasks{20});
    EXPECT_TRUE(held.by_operator);
    EXPECT_THAT(held.reason, HasSubstr("hold_at is 50 (the configuration), at most 20"));
}

TEST(Decide, StaysWithinTheBounds) {
    EXPECT_EQ(ten_each(observed(100'000, 0, 10), one_to_hundred).desired, Tasks{100});
    EXPECT_EQ(ten_each(observed(0, 0, 10), one_to_hundred).desired, Tasks{1});
    EXPECT_THAT(ten_each(observed(100'000, 0, 10), one_to_hundred).reason,
                HasSubstr("at most 100"));
}

TEST(Decide, BringsAServiceOutsideTheBoundsBackIn) {
    EXPECT_EQ(ten_each(observed(50, 0, 5), {.min_tasks = Tasks{8}}).desired, Tasks{8});
    EXPECT_EQ(ten_each(observed(9000, 0, 200), one_to_hundred).desired, Tasks{100});
}

TEST(Decide, Defect01_AnUnknownDepthIsNotAnEmptyQueue) {
    const Decision decision = ten_each(observed(std::nullopt, std::nullopt, 50), one_to_hundred);
    EXPECT_EQ(decision.action, Action::hold);
    EXPECT_EQ(decision.desired, Tasks{50});
    EXPECT_THAT(decision.reason, HasSubstr("unknown"));
}

TEST(Decide, Defect03_AnUnknownHistoryStopsAScaleInAndNeverAScaleOut) {
    for (const History& history :
         {History{Unknown{"S3 said 500"}, Never{}}, History{Never{}, Unknown{"S3 said 500"}},
          History{Unknown{"S3 said 500"}, Unknown{"S3 said 500"}}}) {
        const Decision in = ten_each(observed(0, 0, 50), one_to_hundred, history);
        EXPECT_EQ(in.action, Action::hold);
        EXPECT_THAT(in.reason, HasSubstr("S3 said 500"));
        EXPECT_EQ(ten_each(observed(500, 0, 10), one_to_hundred, history).desired, Tasks{50});
    }
}

TEST(Decide, Defect04_AConstantBacklogDoesNotRunAwayInsideTheCooldown) {
    const ThresholdPolicy policy{{}};
    const Rules rules;
    Observation observation = observed(5000, 0, 10);
    History history = never();
    const Decision first = judged(mind_with(policy, rules), observation, now, history);
    EXPECT_EQ(first.desired, Tasks{60});

    // All of them run by the next check, and the backlog is as it was.
    observation = observed(5000, 0, 60);
    history.scale_out = ScalingAction{now, first.backlog, first.desired};
    const Decision second =
        judged(mind_with(policy, rules), observation, now + Milliseconds{1000}, history);
    EXPECT_EQ(second.action, Action::hold);
    EXPECT_THAT(second.reason, HasSubstr("5000 are not more"));
}

TEST(Decide, Defect06_AScaleInKeepsTheTasksThatHoldMessages) {
    Rules rules = one_to_hundred;
    rules.in_flight_per_task = 4.0;
    const BacklogPolicy visible_only{{.target_messages_per_task = 10, .count_in_flight = false}};
    const auto in_flight = [&](std::optional<std::int64_t> count) {
        return judged(mind_with(visible_only, rules), observed(0, count, 20), now, never());
    };
    EXPECT_EQ(in_flight(30).desired, Tasks{8});
    EXPECT_EQ(in_flight(80).action, Action::hold);
    EXPECT_EQ(in_flight(200).action, Action::hold);
    EXPECT_EQ(in_flight(std::nullopt).action, Action::hold);
    EXPECT_EQ(in_flight(0).desired, Tasks{1});
}

TEST(Decide, Defect09_ABlockedChangeIsNotReportedAsMade) {
    const Decision decision = ten_each(observed(0, 0, 50), one_to_hundred, {Never{}, at(10)});
    EXPECT_EQ(decision.action, Action::hold);
    EXPECT_EQ(decision.desired, decision.current);
}

TEST(Decide, Defect10_AServiceThatAnOperatorStoppedStaysStopped) {
    Rules rules = one_to_hundred;
    EXPECT_EQ(ten_each(observed(500, 0, 0), rules).action, Action::hold);
    EXPECT_THAT(ten_each(observed(500, 0, 0), rules).reason, HasSubstr("respect_operator_stop"));
    rules.respect_operator_stop = false;
    EXPECT_EQ(ten_each(observed(500, 0, 0), rules).desired, Tasks{50});
}

TEST(Decide, Defect10_NoScaleInWhileADeploymentIsInProgress) {
    Observation observation = observed(0, 0, 50);
    for (const auto deploying : {std::optional{true}, std::optional<bool>{}}) {
        observation.service.deployment_in_progress = deploying;
        EXPECT_EQ(ten_each(observation, one_to_hundred).action, Action::hold);
    }
    observation.queue.visible = Messages{1000};
    EXPECT_EQ(ten_each(observation, one_to_hundred).desired, Tasks{100});
}

TEST(Decide, ScaleInWaitsForItsCooldownAfterAScaleIn) {
    const auto after = [](int seconds) {
        return ten_each(observed(0, 0, 50), one_to_hundred, {Never{}, at(seconds)}).action;
    };
    EXPECT_EQ(after(0), Action::hold);
    EXPECT_EQ(after(119), Action::hold);
    EXPECT_EQ(after(120), Action::scale_in);
}

TEST(Decide, AScaleOutRestartsTheScaleInTimer) {
    const Decision decision = ten_each(observed(0, 0, 50), one_to_hundred, {at(30), at(1000)});
    EXPECT_EQ(decision.action, Action::hold);
    EXPECT_THAT(decision.reason, HasSubstr("the last scale-out was 30 s ago"));
    EXPECT_THAT(decision.reason, HasSubstr("90 of 120 s cooldown left"));
}

TEST(Decide, TheCooldownsAreSeparate) {
    Rules rules = one_to_hundred;
    rules.scale_out_cooldown = Seconds{10};
    rules.scale_in_cooldown = Seconds{300};
    EXPECT_EQ(ten_each(observed(500, 0, 10), rules, {at(10, 500), Never{}}).action,
              Action::scale_out);
    EXPECT_EQ(ten_each(observed(0, 0, 10), rules, {at(10, 500), Never{}}).action, Action::hold);
}

TEST(Decide, AScaleOutDoesNotWaitForTheScaleInCooldown) {
    EXPECT_EQ(ten_each(observed(500, 0, 10), one_to_hundred, {Never{}, at(1)}).action,
              Action::scale_out);
}

TEST(Decide, InsideTheScaleOutCooldownOnlyALargerBacklogPasses) {
    const auto with_last_backlog = [](std::optional<std::int64_t> backlog) {
        return ten_each(observed(500, 0, 10), one_to_hundred, {at(10, backlog), Never{}}).action;
    };
    EXPECT_EQ(with_last_backlog(499), Action::scale_out);
    EXPECT_EQ(with_last_backlog(500), Action::hold);
    EXPECT_EQ(with_last_backlog(501), Action::hold);
    EXPECT_EQ(with_last_backlog(std::nullopt), Action::hold);
}

TEST(Decide, TheOverrideHasNames) {
    Rules rules = one_to_hundred;
    rules.scale_out_override = CooldownOverride::always;
    EXPECT_EQ(ten_each(observed(500, 0, 10), rules, {at(10, 500), Never{}}).action,
              Action::scale_out);
    rules.scale_out_override = CooldownOverride::never;
    EXPECT_EQ(ten_each(observed(500, 0, 10), rules, {at(10, 1), Never{}}).action, Action::hold);
}

TEST(Decide, AScaleOutThatNeverArrivedDoesNotBlockTheNext) {
    ScalingAction lost = at(10, 500);
    lost.desired = Tasks{50};
    EXPECT_EQ(ten_each(observed(500, 0, 10), one_to_hundred, {lost, Never{}}).action,
              Action::scale_out);
}

TEST(Decide, BelowTheMinimumNoCooldownWaits) {
    EXPECT_EQ(ten_each(observed(0, 0, 3), {.min_tasks = Tasks{5}}, {at(10, 500), Never{}}).desired,
              Tasks{5});
}

TEST(Decide, ATimeInTheFutureBlocksAScaleInAndNotAScaleOut) {
    const History ahead{at(-3600, 500), Never{}};
    EXPECT_EQ(ten_each(observed(0, 0, 50), one_to_hundred, ahead).action, Action::hold);
    EXPECT_THAT(ten_each(observed(0, 0, 50), one_to_hundred, ahead).reason, HasSubstr("future"));
    EXPECT_EQ(ten_each(observed(500, 0, 10), one_to_hundred, ahead).action, Action::scale_out);
}

TEST(Decide, AClockALittleAheadCountsAsNow) {
    EXPECT_EQ(ten_each(observed(500, 0, 10), one_to_hundred, {at(-5, 500), Never{}}).action,
              Action::hold);
}

TEST(Decide, ScalesToZeroAndFromZero) {
    EXPECT_EQ(ten_each(observed(0, 0, 3), zero_to_hundred).desired, Tasks{0});
    EXPECT_EQ(ten_each(observed(1, 0, 0), zero_to_hundred).desired, Tasks{1});
    EXPECT_EQ(ten_each(observed(0, 0, 0), zero_to_hundred).action, Action::hold);
}

TEST(Decide, FromZeroEvenBelowAPolicysThreshold) {
    const ThresholdPolicy policy{{}};
    EXPECT_EQ(judged(mind_with(policy, zero_to_hundred), observed(3, 0, 0), now, never()).desired,
              Tasks{1});
    EXPECT_EQ(judged(mind_with(policy, zero_to_hundred), observed(0, 0, 1), now, never()).desired,
              Tasks{0});
    EXPECT_EQ(judged(mind_with(policy, zero_to_hundred), observed(0, 2, 1), now, never()).desired,
              Tasks{1});
}

TEST(Decide, TheActivationThresholdMustBeExceeded) {
    Rules rules = zero_to_hundred;
    rules.activation_threshold = Messages{5};
    EXPECT_EQ(ten_each(observed(5, 0, 0), rules).action, Action::hold);
    EXPECT_EQ(ten_each(observed(6, 0, 0), rules).desired, Tasks{1});
    EXPECT_EQ(ten_each(observed(5, 0, 1), rules).desired, Tasks{0});
    EXPECT_EQ(ten_each(observed(3, 2, 1), rules).desired, Tasks{0});
    EXPECT_EQ(ten_each(observed(3, 3, 1), rules).desired, Tasks{1});
}

TEST(Decide, WhatIsStuckKeepsOneTaskAndNoMore) {
    const auto stuck = [](std::int64_t visible, std::int64_t tasks) {
        Observation seen = observed(visible, 0, tasks);
        seen.queue.stuck = Messages{500};
        return seen;
    };
    EXPECT_EQ(ten_each(stuck(0, 7), zero_to_hundred).desired, Tasks{1});
    EXPECT_EQ(ten_each(stuck(0, 1), zero_to_hundred).action, Action::hold);
    EXPECT_EQ(ten_each(stuck(0, 0), zero_to_hundred).desired, Tasks{1});
    EXPECT_EQ(ten_each(stuck(40, 1), zero_to_hundred).desired, Tasks{4});

    Rules rules = zero_to_hundred;
    rules.activation_threshold = Messages{50};
    EXPECT_EQ(ten_each(stuck(0, 0), rules).desired, Tasks{1}) << "more than the threshold waits";
    rules.activation_threshold = Messages{500};
    EXPECT_EQ(ten_each(stuck(0, 0), rules).action, Action::hold);

    const StepPolicy policy{{.threshold = 10, .steps = {{.upper_bound = 0, .adjustment = -1}}}};
    EXPECT_EQ(judged(mind_with(policy, zero_to_hundred), stuck(0, 1), now, never()).action,
              Action::hold);
    EXPECT_EQ(judged(mind_with(policy, zero_to_hundred), observed(0, 0, 1), now, never()).desired,
              Tasks{0});
}

TEST(Decide, TheActivationThresholdIsForServicesThatMayBeZero) {
    Rules rules = one_to_hundred;
    rules.activation_threshold = Messages{50};
    EXPECT_EQ(ten_each(observed(40, 0, 1), rules).desired, Tasks{4});
}

TEST(Decide, NotToZeroWhileWhatIsInFlightIsUnknown) {
    EXPECT_EQ(ten_each(observed(0, std::nullopt, 3), zero_to_hundred).action, Action::hold);
}

TEST(Decide, OnlyAChangeAsksForTheHistory) {
    const Mind mind = mind_with(BacklogPolicy{{.target_messages_per_task = 10}}, one_to_hundred);
    EXPECT_FALSE(judge(mind, {}, seen(observed(100, 0, 10), now)).needs_history);
    EXPECT_EQ(judge(mind, {}, seen(observed(100, 0, 10), now)).decision.action, Action::hold);
    EXPECT_TRUE(judge(mind, {}, seen(observed(500, 0, 10), now)).needs_history);
    EXPECT_FALSE(judge(mind, {}, seen(observed(500, 0, 10), now, never())).needs_history);
}

TEST(Decide, TheLeastThereCanBeScalesOutAndNeverIn) {
    Observation observation = observed(500, 0, 10);
    observation.queue.missing = "orders-b: connection refused";
    EXPECT_EQ(ten_each(observation, zero_to_hundred).desired, Tasks{50});
    observation.service.desired = Tasks{80};
    const Decision decision = ten_each(observation, zero_to_hundred);
    EXPECT_EQ(decision.action, Action::hold);
    EXPECT_THAT(decision.reason, HasSubstr("no scale-in to 50"));
    EXPECT_THAT(decision.reason, HasSubstr("orders-b: connection refused"));
}

TEST(Decide, TheLeastThereCanBeIsNotCalledASmallBacklog) {
    Rules rules = zero_to_hundred;
    rules.activation_threshold = Messages{10};
    Observation observation = observed(3, 0, 0);
    EXPECT_EQ(ten_each(observation, rules).action, Action::hold);
    observation.queue.missing = "orders-b: connection refused";
    EXPECT_EQ(ten_each(observation, rules).desired, Tasks{1});
}

TEST(Decide, SaysWhyTheDepthIsUnknown) {
    Observation observation = observed(std::nullopt, std::nullopt, 50);
    observation.queue.missing = "it was measured 61 s ago";
    EXPECT_THAT(ten_each(observation, one_to_hundred).reason,
                HasSubstr("unknown (it was measured 61 s ago), and unknown is not empty"));
}

TEST(Decide, KeepsWhatWasWantedBeforeItWasHeld) {
    EXPECT_EQ(ten_each(observed(500, 0, 10), one_to_hundred).wanted, Tasks{50});
    EXPECT_EQ(ten_each(observed(5000, 0, 10), one_to_hundred).wanted, Tasks{100});
    Observation deploying = observed(100, 0, 50);
    deploying.service.deployment_in_progress = true;
    EXPECT_EQ(ten_each(deploying, one_to_hundred).action, Action::hold);
    EXPECT_EQ(ten_each(deploying, one_to_hundred).wanted, Tasks{10});
    Rules paused = one_to_hundred;
    paused.pause = Pause::out;
    EXPECT_EQ(ten_each(observed(500, 0, 10), paused).wanted, Tasks{50});
    EXPECT_EQ(ten_each(observed(std::nullopt, 0, 10), one_to_hundred).wanted, std::nullopt);
}

}  // namespace
}  // namespace fas::scaling
