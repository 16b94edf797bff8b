#include "scaling/threshold.h"

#include <gtest/gtest.h>

namespace fas::scaling {
namespace {

ServiceState service(std::int64_t desired, std::int64_t running) {
    return {Tasks{desired}, Tasks{running}, Tasks{desired - running}, false};
}

std::int64_t desired(const ThresholdParameters& parameters, const Demand& demand,
                     const ServiceState& state) {
    return ThresholdPolicy{parameters}.propose(demand, state).desired.value;
}

Demand messages(std::int64_t visible, std::int64_t in_flight = 0) {
    return {Messages{visible}, Messages{in_flight}};
}

TEST(Threshold, AddsTheTasksThatTheBacklogNeedsToTheRunningOnes) {
    EXPECT_EQ(desired({}, messages(500), service(10, 10)), 15);
}

TEST(Threshold, AddsAtLeastOneTask) {
    EXPECT_EQ(desired({.tasks_per_message = 0.0001}, messages(101), service(10, 10)), 11);
}

TEST(Threshold, AtTheThresholdsNothingChanges) {
    EXPECT_EQ(desired({}, messages(100), service(10, 10)), 10);
    EXPECT_EQ(desired({}, messages(99), service(10, 10)), 10);
}

TEST(Threshold, BelowTheLowerThresholdKeepsTheShareOfOneStep) {
    EXPECT_EQ(desired({}, messages(0), service(40, 40)), 20);
    EXPECT_EQ(desired({.max_scale_down_factor = 0.9}, messages(0), service(40, 40)), 36);
}

TEST(Threshold, KeepsTheTasksThatTheBacklogNeeds) {
    EXPECT_EQ(desired({.tasks_per_message = 0.5}, messages(60), service(40, 40)), 30);
}

TEST(Threshold, CombinedMessagesCountForAScaleOut) {
    EXPECT_EQ(desired({.use_combined_messages = true}, messages(60, 60), service(10, 10)), 12);
    EXPECT_EQ(desired({.use_combined_messages = false}, messages(60, 60), service(10, 10)), 10);
}

TEST(Threshold, UnknownInFlightStopsAScaleInAndNotAScaleOut) {
    EXPECT_EQ(desired({}, {Messages{0}, std::nullopt}, service(10, 10)), 10);
    EXPECT_EQ(desired({}, {Messages{500}, std::nullopt}, service(10, 10)), 15);
}

TEST(Threshold, TasksOnTheirWayOutAreNotCountedAsRunning) {
    EXPECT_EQ(desired({}, messages(500), service(2, 10)), 7);
}

TEST(Threshold, TheReasonHasTheNumbers) {
    const Proposal proposal = ThresholdPolicy{{}}.propose(messages(500), service(10, 10));
    for (const char* part : {"500", "100", "10", "5", "0.01", "15"}) {
        EXPECT_NE(proposal.reason.find(part), std::string::npos) << proposal.reason;
    }
}

// A constant backlog that 50 tasks can serve went 10, 60, 110 ... 300 in six checks: tasks that
// were still starting were added again at each.
TEST(Threshold, Defect04_TasksStillStartingAreNotAddedAgain) {
    const Demand backlog = messages(5000);
    EXPECT_EQ(desired({}, backlog, service(10, 10)), 60);
    EXPECT_EQ(desired({}, backlog, service(60, 10)), 60);
    EXPECT_EQ(desired({}, backlog, service(60, 10)), 60);
}

// With 0.99 it took 173 steps of two minutes from 300 tasks to 10.
// They start at once, and the backlog has not fallen yet.
TEST(Threshold, WhatWasAddedAMomentAgoCountsTowardsTheNextStep) {
    Demand grown = messages(510);
    const std::int64_t first = desired({}, messages(500), service(10, 10));
    grown.launched = Tasks{first - 10};
    const std::int64_t second = desired({}, grown, service(first, first));
    EXPECT_EQ(second - first, desired({}, messages(510), service(10, 10)) - first);
    EXPECT_LT(second, first + 3);
    grown.launched = Tasks{0};
    EXPECT_GT(desired({}, grown, service(first, first)), first + 3) << "after the cooldown";
}

TEST(Threshold, Defect05_TheDefaultStepReachesTheMinimumInMinutes) {
    std::int64_t tasks = 300;
    int steps = 0;
    for (; tasks > 10; ++steps) tasks = desired({}, messages(0), service(tasks, tasks));
    EXPECT_LE(steps, 5);
}

TEST(Threshold, Defect05_AFactorNearOneStillTakesATaskAStep) {
    EXPECT_EQ(desired({.max_scale_down_factor = 0.9999999999}, messages(0), service(300, 300)),
              299);
}

TEST(Threshold, Defect06_MessagesInFlightHoldOffAScaleIn) {
    EXPECT_EQ(desired({}, messages(0, 500), service(50, 50)), 50);
}

TEST(Threshold, Defect07_NeededTasksAreRoundedUp) {
    EXPECT_EQ(desired({}, messages(150), service(10, 10)), 12);
    EXPECT_EQ(desired({.tasks_per_message = 0.05, .max_scale_down_factor = 0}, messages(61),
                      service(40, 40)),
              4);
}

TEST(Threshold, Defect07_ADecimalParameterIsNotRoundedUpByItsBinaryForm) {
    EXPECT_EQ(desired({}, messages(700), service(10, 10)), 17);  // 700 x 0.01 > 7 in binary
}

TEST(Threshold, Defect07_NoTasksIsNoDivisionByZero) {
    EXPECT_EQ(desired({}, messages(0), service(0, 0)), 0);
    EXPECT_EQ(desired({}, messages(500), service(0, 0)), 5);
}

TEST(Threshold, HugeBacklogsDoNotOverflow) {
    EXPECT_EQ(desired({.tasks_per_message = 1e9}, messages(1'000'000'000'000), service(1, 1)),
              1'000'000'001);
}

}  // namespace
}  // namespace fas::scaling
