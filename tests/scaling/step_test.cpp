#include "scaling/step.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace fas::scaling {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr auto none = std::nullopt;

ServiceState tasks(std::int64_t desired, std::int64_t running) {
    return {Tasks{desired}, Tasks{running}, Tasks{0}, false};
}

ServiceState steady(std::int64_t count) { return tasks(count, count); }

Tasks desired(const StepParameters& parameters, std::int64_t messages,
              const ServiceState& service) {
    return StepPolicy{parameters}.propose({Messages{messages}, Messages{0}}, service).desired;
}

// The example of AWS's guide: a threshold of 50, percentages, a group that begins with 10.
StepParameters guide() {
    return {.threshold = 50,
            .type = AdjustmentType::percent_change_in_capacity,
            .steps = {{.lower_bound = 0, .upper_bound = 10, .adjustment = 0},
                      {.lower_bound = 10, .upper_bound = 20, .adjustment = 10},
                      {.lower_bound = 20, .upper_bound = none, .adjustment = 30},
                      {.lower_bound = -10, .upper_bound = 0, .adjustment = 0},
                      {.lower_bound = -20, .upper_bound = -10, .adjustment = -10},
                      {.lower_bound = none, .upper_bound = -20, .adjustment = -30}}};
}

TEST(Step, TheExampleOfAwsGuide) {
    ASSERT_THAT(step_problem(guide()), IsEmpty());
    EXPECT_EQ(desired(guide(), 50, steady(10)), Tasks{10});
    EXPECT_EQ(desired(guide(), 60, steady(10)), Tasks{11});  // 10 % of 10
    EXPECT_EQ(desired(guide(), 70, steady(11)), Tasks{14});  // 30 % of 11 is 3.3: 3
    EXPECT_EQ(desired(guide(), 40, steady(14)), Tasks{13});  // 10 % of 14 is 1.4: 1
    EXPECT_EQ(desired(guide(), 30, steady(13)), Tasks{10});  // 30 % of 13 is 3.9: 3
}

// "Greater than or equal to 50 and less than 60" and "greater than 40 and less than or equal to
// 50".
TEST(Step, BoundsBelongToTheStepThatAwsSays) {
    const StepParameters above = {.threshold = 50,
                                  .steps = {{.lower_bound = 0, .upper_bound = 10, .adjustment = 1},
                                            {.lower_bound = 10, .adjustment = 2}}};
    EXPECT_EQ(desired(above, 49, steady(10)), Tasks{10});
    EXPECT_EQ(desired(above, 50, steady(10)), Tasks{11});
    EXPECT_EQ(desired(above, 59, steady(10)), Tasks{11});
    EXPECT_EQ(desired(above, 60, steady(10)), Tasks{12});
    const StepParameters below = {
        .threshold = 50,
        .steps = {{.lower_bound = -10, .upper_bound = 0, .adjustment = -1},
                  {.lower_bound = none, .upper_bound = -10, .adjustment = -2}}};
    EXPECT_EQ(desired(below, 51, steady(10)), Tasks{10});
    EXPECT_EQ(desired(below, 49, steady(10)), Tasks{9});
    EXPECT_EQ(desired(below, 41, steady(10)), Tasks{9});
    EXPECT_EQ(desired(below, 40, steady(10)), Tasks{8});
    EXPECT_EQ(desired(below, 0, steady(10)), Tasks{8});
}

// 12.7 is 12, 0.67 is 1, -0.58 is -1, -6.67 is -6.
TEST(Step, RoundsPercentagesAsAwsDoes) {
    struct Case {
        std::int64_t tasks;
        std::int64_t percent;
        std::int64_t desired;
    };
    const std::vector<Case> cases = {{127, 10, 139}, {67, 1, 68},   {58, -1, 57}, {667, -1, 661},
                                     {100, 7, 107},  {10, 100, 20}, {3, -100, 0}, {0, 50, 0}};
    for (const Case& c : cases) {
        const StepParameters parameters = {.threshold = 10,
                                           .type = AdjustmentType::percent_change_in_capacity,
                                           .steps = {{.lower_bound = 0, .adjustment = c.percent}}};
        EXPECT_EQ(desired(parameters, 10, steady(c.tasks)), Tasks{c.desired})
            << c.percent << " % of " << c.tasks;
    }
}

// 25 % of 4 is 1, and with a magnitude of 2 it is 2.
TEST(Step, AMinimumMagnitudeMakesASmallPercentageLarger) {
    StepParameters parameters = {
        .threshold = 10,
        .type = AdjustmentType::percent_change_in_capacity,
        .steps = {{.lower_bound = 0, .adjustment = 25}, {.upper_bound = 0, .adjustment = -25}}};
    EXPECT_EQ(desired(parameters, 10, steady(4)), Tasks{5});
    parameters.min_adjustment_magnitude = Tasks{2};
    EXPECT_EQ(desired(parameters, 10, steady(4)), Tasks{6});
    EXPECT_EQ(desired(parameters, 10, steady(0)), Tasks{2});
    EXPECT_EQ(desired(parameters, 9, steady(4)), Tasks{2});
    EXPECT_EQ(desired(parameters, 9, steady(1)), Tasks{0});
    parameters.steps[0].adjustment = 0;
    EXPECT_EQ(desired(parameters, 10, steady(4)), Tasks{4});
}

TEST(Step, AnExactCapacityIsJustThat) {
    const StepParameters parameters = {
        .threshold = 100,
        .type = AdjustmentType::exact_capacity,
        .steps = {{.lower_bound = 0, .adjustment = 40}, {.upper_bound = 0, .adjustment = 3}}};
    EXPECT_EQ(desired(parameters, 100, tasks(10, 2)), Tasks{40});
    EXPECT_EQ(desired(parameters, 99, steady(10)), Tasks{3});
}

// AWS's example: 2 were added, and a step of 3 meanwhile adds 1 more.
TEST(Step, Defect04_WhatIsStartingCountsTowardsTheNextStep) {
    const StepParameters parameters = {
        .threshold = 100,
        .steps = {{.lower_bound = 0, .upper_bound = 100, .adjustment = 2},
                  {.lower_bound = 100, .adjustment = 3}}};
    EXPECT_EQ(desired(parameters, 150, steady(10)), Tasks{12});
    EXPECT_EQ(desired(parameters, 150, tasks(12, 10)), Tasks{12});
    EXPECT_EQ(desired(parameters, 250, tasks(12, 10)), Tasks{13});
    EXPECT_EQ(desired(parameters, 150, steady(12)), Tasks{14});
}

TEST(Step, WhatWasAddedAMomentAgoCountsTowardsTheNextStepThoughItRuns) {
    const StepPolicy policy{guide()};
    const Tasks once = policy.propose({Messages{70}, Messages{0}}, steady(10)).desired;
    ASSERT_GT(once, Tasks{10});
    const Demand again{Messages{71}, Messages{0}, once - Tasks{10}};
    EXPECT_EQ(policy.propose(again, steady(once.value)).desired, once);
}

TEST(Step, WhatIsOnItsWayOutCountsTowardsTheNextStepIn) {
    const StepParameters parameters = {.threshold = 100,
                                       .steps = {{.upper_bound = 0, .adjustment = -3}}};
    EXPECT_EQ(desired(parameters, 5, steady(10)), Tasks{7});
    EXPECT_EQ(desired(parameters, 5, tasks(7, 10)), Tasks{7});
    EXPECT_EQ(desired(parameters, 5, steady(7)), Tasks{4});
}

TEST(Step, AnUnknownNumberInFlightHoldsOffAScaleInAlone) {
    const StepPolicy policy{guide()};
    const Demand small{Messages{10}, std::nullopt};
    const Proposal in = policy.propose(small, steady(10));
    EXPECT_EQ(in.desired, Tasks{10});
    EXPECT_THAT(in.reason, HasSubstr("in flight are unknown"));
    EXPECT_EQ(policy.propose({Messages{90}, std::nullopt}, steady(10)).desired, Tasks{13});
    StepParameters visible_only = guide();
    visible_only.count_in_flight = false;
    EXPECT_EQ(StepPolicy{visible_only}.propose(small, steady(10)).desired, Tasks{7});
}

TEST(Step, MessagesInFlightAreCounted) {
    EXPECT_EQ(StepPolicy{guide()}.propose({Messages{10}, Messages{50}}, steady(10)).desired,
              Tasks{11});
}

TEST(Step, TheReasonHasTheNumbers) {
    const std::string reason =
        StepPolicy{guide()}.propose({Messages{70}, Messages{0}}, steady(11)).reason;
    EXPECT_EQ(reason,
              "70 messages are 20 above the threshold of 50 (step 20 to infinity): "
              "11 running + 3 (30 %)");
}

TEST(Step, OutsideOfAllStepsNothingChanges) {
    const StepParameters parameters = {.threshold = 100,
                                       .steps = {{.lower_bound = 50, .adjustment = 1}}};
    ASSERT_THAT(step_problem(parameters), IsEmpty());
    EXPECT_EQ(desired(parameters, 149, steady(10)), Tasks{10});
    EXPECT_EQ(desired(parameters, 150, steady(10)), Tasks{11});
}

TEST(StepProblem, SaysWhatIsWrongWithAList) {
    struct Case {
        std::vector<StepAdjustment> steps;
        std::string problem;
    };
    const std::vector<Case> cases = {
        {{}, "there is no step"},
        {{{.adjustment = 1}}, "a step needs a lower bound"},
        {{{.lower_bound = 5, .upper_bound = 5}}, "5 to 5 ends where it begins"},
        {{{.lower_bound = 9, .upper_bound = 5}}, "9 to 5 ends where it begins, or before"},
        {{{.lower_bound = 0, .upper_bound = 10}, {.lower_bound = 5}},
         "the steps from 0 to 10 and from 5 to infinity overlap"},
        {{{.lower_bound = 0}, {.lower_bound = 10}}, "overlap"},
        {{{.upper_bound = 0}, {.upper_bound = -10}}, "overlap"},
        {{{.lower_bound = 20}, {.lower_bound = 0, .upper_bound = 10}},
         "there is a gap between the steps from 0 to 10 and from 20 to infinity"},
        {{{.lower_bound = 0, .upper_bound = 10}},
         "above 10 is no step: leave out the upper bound of the step from 0 to 10"},
        {{{.lower_bound = -10, .upper_bound = 0}},
         "below -10 is no step: leave out the lower bound of the step from -10 to 0"},
    };
    for (const Case& c : cases) {
        EXPECT_THAT(step_problem({.steps = c.steps}), HasSubstr(c.problem));
    }
    EXPECT_THAT(step_problem({.type = AdjustmentType::exact_capacity,
                              .steps = {{.lower_bound = 0, .adjustment = -1}}}),
                HasSubstr("ExactCapacity takes 0 or more"));
}

TEST(StepProblem, TakesTwentyStepsAndNoMore) {
    StepParameters parameters;
    for (int i = 0; i < 20; ++i) {
        parameters.steps.push_back({.lower_bound = i, .upper_bound = i + 1, .adjustment = i});
    }
    parameters.steps.back().upper_bound.reset();
    EXPECT_THAT(step_problem(parameters), IsEmpty());
    parameters.steps.push_back({.upper_bound = 0, .adjustment = -1});
    EXPECT_THAT(step_problem(parameters), HasSubstr("21 steps are too many; at most 20"));
}

// Of a list that passes, exactly one step applies wherever steps reach, and a change that is asked
// for again while it is under way adds nothing.
TEST(Step, RandomListsNeverRunAway) {
    std::mt19937 random{7};
    std::uniform_int_distribution<int> small{1, 40};
    for (int round = 0; round < 300; ++round) {
        StepParameters parameters{.threshold = static_cast<double>(small(random))};
        if (round % 2 == 1) parameters.type = AdjustmentType::percent_change_in_capacity;
        double from = 0;
        for (int i = 0; i < 5; ++i) {
            const double to = from + small(random);
            parameters.steps.push_back(
                {.lower_bound = from, .upper_bound = to, .adjustment = small(random)});
            from = to;
        }
        parameters.steps.push_back({.lower_bound = from, .adjustment = small(random)});
        parameters.steps.push_back({.upper_bound = 0, .adjustment = -small(random)});
        ASSERT_THAT(step_problem(parameters), IsEmpty());
        const std::int64_t messages = small(random) * small(random);
        const std::int64_t before = small(random);
        const Tasks first = desired(parameters, messages, steady(before));
        ASSERT_EQ(desired(parameters, messages, tasks(first.value, before)), first);
        ASSERT_GE(first, Tasks{0});
        if (static_cast<double>(messages) >= parameters.threshold) {
            ASSERT_GT(first, Tasks{before});
        } else {
            ASSERT_LT(first, Tasks{before});
        }
    }
}

}  // namespace
}  // namespace fas::scaling
