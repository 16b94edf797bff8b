// The order of a check, and what it does when a part fails.
#include "engine/autoscaler.h"

#include <gmock/gmock.h>

#include "tests/engine/autoscaler_fixture.h"

namespace fas::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST_F(AutoscalerTest, AsksForTheStateTheQueueAndTheServiceAtOnce) {
    check();
    EXPECT_THAT(world_.calls, ElementsAre("state read", "queue asked", "service asked",
                                          "queue answered", "service answered"));
}

// Between the readings and that of the state, somebody else may have claimed and acted.
TEST_F(AutoscalerTest, LooksAgainBeforeActingOnAStateJustRead) {
    queue_holds(500);
    world_.past.from_memory = false;
    const CheckReport report = check();
    EXPECT_EQ(times("queue asked"), 2);
    EXPECT_EQ(times("service asked"), 2);
    EXPECT_THAT(done(), ElementsAre("recorded scale_out", "set 50"));
    EXPECT_TRUE(report.changed);
}

TEST_F(AutoscalerTest, OnlyAScaleInAsksForWhatItAloneDependsOn) {
    queue_holds(500);
    check();
    EXPECT_EQ(times("state read for a scale-in"), 0);
    queue_holds(0);
    check();
    EXPECT_EQ(times("state read for a scale-in"), 1);
}

TEST_F(AutoscalerTest, AScaleInThatBecomesAScaleOutOnTheSecondLookWaitsForTheNextCheck) {
    queue_holds(0);
    world_.past.from_memory = false;
    world_.queue_later = scaling::QueueDepth{Messages{500}, Messages{0}};
    const CheckReport report = check();
    EXPECT_THAT(done(), IsEmpty());
    EXPECT_EQ(report.decision->action, scaling::Action::hold);
    EXPECT_THAT(report.decision->reason,
                HasSubstr("the second reading asked for the opposite direction"));
}

TEST_F(AutoscalerTest, DoesNotLookAgainWhenItKnewTheState) {
    queue_holds(500);
    check();
    EXPECT_EQ(times("queue asked"), 1);
}

TEST_F(AutoscalerTest, AHoldNeedsNoStateAndWritesNothing) {
    world_.past = {{scaling::Unknown{"S3 said 500"}, scaling::Unknown{"S3 said 500"}},
                   false,
                   {failure(ErrorKind::retryable, "S3 said 500")}};
    const CheckReport report = check();
    EXPECT_EQ(report.decision->action, scaling::Action::hold);
    EXPECT_FALSE(report.changed);
    EXPECT_FALSE(report.failed());
    EXPECT_THAT(done(), IsEmpty());
}

TEST_F(AutoscalerTest, ClaimsBeforeItActs) {
    queue_holds(500);
    const CheckReport report = check();
    EXPECT_THAT(done(), ElementsAre("recorded scale_out", "set 50"));
    EXPECT_TRUE(report.changed);
    EXPECT_EQ(report.change_request_id, "request-7");
    EXPECT_EQ(world_.last_recorded.backlog, Messages{500});
    EXPECT_EQ(world_.last_recorded.desired, Tasks{50});
    EXPECT_FALSE(report.failed());
}

TEST_F(AutoscalerTest, ADryRunDecidesAndWritesNothing) {
    queue_holds(500);
    const CheckReport report = check(true);
    EXPECT_THAT(done(), IsEmpty());
    EXPECT_EQ(report.decision->desired, Tasks{50});
    EXPECT_FALSE(report.changed);
    EXPECT_TRUE(report.dry_run);
}

TEST_F(AutoscalerTest, Defect01_AQueueThatCannotBeReadScalesNothing) {
    world_.queue = failure(ErrorKind::retryable, "connection refused");
    const CheckReport report = check();
    EXPECT_THAT(done(), IsEmpty());
    EXPECT_FALSE(report.decision);
    EXPECT_TRUE(report.failed());
    EXPECT_EQ(report.service->desired, Tasks{10});
}

TEST_F(AutoscalerTest, AServiceThatCannotBeReadScalesNothing) {
    queue_holds(500);
    world_.service = failure(ErrorKind::not_found, "no such service");
    const CheckReport report = check();
    EXPECT_THAT(done(), IsEmpty());
    EXPECT_TRUE(report.failed());
}

TEST_F(AutoscalerTest, Defect03_StateThatCannotBeReadStopsAScaleIn) {
    queue_holds(0);
    world_.past = {{scaling::Unknown{"S3 said 500"}, scaling::Unknown{"S3 said 500"}},
                   false,
                   {failure(ErrorKind::retryable, "S3 said 500")}};
    const CheckReport report = check();
    EXPECT_THAT(done(), IsEmpty());
    EXPECT_EQ(report.decision->action, scaling::Action::hold);
    EXPECT_TRUE(report.failed());
}

TEST_F(AutoscalerTest, Defect03_StateThatCannotBeReadDoesNotStopAScaleOut) {
    queue_holds(500);
    world_.past = {{scaling::Unknown{"S3 said 500"}, scaling::Unknown{"S3 said 500"}},
                   false,
                   {failure(ErrorKind::retryable, "S3 said 500")}};
    world_.recorded = failure(ErrorKind::retryable, "S3 said 500");
    const CheckReport report = check();
    EXPECT_THAT(done(), ElementsAre("recorded scale_out", "set 50"));
    EXPECT_TRUE(report.changed);
    EXPECT_TRUE(report.failed());
}

TEST_F(AutoscalerTest, AScaleInThatCannotBeRecordedIsNotMade) {
    queue_holds(0);
    world_.recorded = failure(ErrorKind::denied, "no s3:PutObject");
    const CheckReport report = check();
    EXPECT_THAT(done(), ElementsAre("recorded scale_in"));
    EXPECT_EQ(report.decision->action, scaling::Action::hold);
    EXPECT_EQ(report.decision->desired, Tasks{10});
    EXPECT_TRUE(report.failed());
}

TEST_F(AutoscalerTest, OfTwoThatSawTheSameOneActs) {
    for (const int messages : {0, 500}) {
        world_.calls.clear();
        queue_holds(messages);
        world_.recorded = failure(ErrorKind::conflict, "another autoscaler was first");
        const CheckReport report = check();
        EXPECT_EQ(done().size(), 1U);
        EXPECT_EQ(report.decision->action, scaling::Action::hold);
        EXPECT_THAT(report.decision->reason, HasSubstr("another autoscaler was first"));
        EXPECT_FALSE(report.failed());
    }
}

TEST_F(AutoscalerTest, AnUpdateThatFailsIsNotReportedAsMade) {
    queue_holds(500);
    world_.updated = failure(ErrorKind::throttled, "rate exceeded");
    const CheckReport report = check();
    EXPECT_FALSE(report.changed);
    EXPECT_TRUE(report.failed());
}

TEST_F(AutoscalerTest, ALookAheadBeginsBeforeTheCheckThatUsesIt) {
    const CheckReport report = check_after_a_prefetch(Milliseconds{1'000});
    EXPECT_THAT(world_.calls, ElementsAre("state read", "queue asked", "service asked", "check",
                                          "queue answered", "service answered"));
    EXPECT_EQ(report.decision->action, scaling::Action::hold);
}

// A frozen process learns the time from the wall clock only, which may also have been set back.
TEST_F(AutoscalerTest, ALookAheadThatIsOldIsForgotten) {
    for (const Milliseconds later : {Milliseconds{1'001}, Milliseconds{-1}}) {
        world_.calls.clear();
        check_after_a_prefetch(later);
        EXPECT_EQ(times("queue asked"), 2);
        EXPECT_EQ(times("queue answered"), 1) << "the old one is not waited for";
    }
}

TEST_F(AutoscalerTest, ALookAheadThatFailedIsRepeated) {
    const auto queue = std::exchange(world_.queue, failure(ErrorKind::retryable, "queue down"));
    Autoscaler autoscaler{target(), reactor_, clock_, false};
    autoscaler.prefetch();
    while (times("queue answered") == 0) reactor_.run(reactor_.yield());
    world_.queue = queue;
    EXPECT_FALSE(run_check(autoscaler).failed());
    EXPECT_EQ(times("queue asked"), 2);
}

// It waited for the state, and for what else is read from the same place.
TEST_F(AutoscalerTest, WhatACheckHasBegunItselfMayTakeItsTimeAndFail) {
    world_.queue = failure(ErrorKind::retryable, "queue down");
    Autoscaler autoscaler{target(), reactor_, clock_, false};
    autoscaler.begin_reading(reactor::Scope{});
    reactor_.run(autoscaler.wait_for_state(reactor::Scope{}));
    EXPECT_EQ(times("state read"), 1);
    clock_.time += Milliseconds{5'000};
    EXPECT_TRUE(run_check(autoscaler).failed());
    EXPECT_EQ(times("queue asked"), 1);
    clock_.time += Milliseconds{1};
    world_.calls.clear();
    autoscaler.begin_reading(reactor::Scope{});
    clock_.time += Milliseconds{5'001};
    run_check(autoscaler);
    EXPECT_EQ(times("queue asked"), 2) << "the old one is forgotten";
}

TEST_F(AutoscalerTest, NobodyWaitsForAStateThatIsNotRead) {
    Autoscaler autoscaler{target(), reactor_, clock_, false};
    reactor_.run(autoscaler.wait_for_state(reactor::Scope{}));
    EXPECT_THAT(world_.calls, IsEmpty());
}

TEST_F(AutoscalerTest, ALookAheadServesOneCheck) {
    Autoscaler autoscaler{target(), reactor_, clock_, false};
    autoscaler.prefetch();
    for (int checks = 1; checks <= 2; ++checks) {
        run_check(autoscaler);
        EXPECT_EQ(times("queue asked"), checks);
    }
}

TEST_F(AutoscalerTest, AFleetsTargetReadsTheStateOnlyToAct) {
    world_.past.from_memory = false;
    state_read_ = StateRead::when_needed;
    check();
    EXPECT_EQ(times("state read"), 0);

    world_.calls.clear();
    queue_holds(500);
    EXPECT_TRUE(check().changed);
    EXPECT_THAT(world_.calls,
                ElementsAre("queue asked", "service asked", "queue answered", "service answered",
                            "state read", "queue asked", "service asked", "queue answered",
                            "service answered", "recorded scale_out", "set 50"));
}

TEST_F(AutoscalerTest, AScaleInKeepsTheTasksThatProtectThemselves) {
    queue_holds(0);
    world_.protected_tasks = Tasks{4};
    const CheckReport report = check();
    EXPECT_THAT(done(), ElementsAre("recorded scale_in", "set 4"));
    EXPECT_THAT(report.decision->reason, HasSubstr("protect"));
}

TEST_F(AutoscalerTest, WhereAllTasksAreProtectedNoneIsStopped) {
    queue_holds(0);
    world_.protected_tasks = Tasks{10};
    const CheckReport report = check();
    EXPECT_THAT(done(), IsEmpty());
    EXPECT_EQ(report.decision->action, scaling::Action::hold);
    EXPECT_FALSE(report.failed());
}

TEST_F(AutoscalerTest, AProtectionThatIsUnknownStopsAScaleIn) {
    queue_holds(0);
    world_.protected_tasks = failure(ErrorKind::denied, "no ecs:GetTaskProtection");
    const CheckReport report = check();
    EXPECT_THAT(done(), IsEmpty());
    EXPECT_EQ(report.decision->action, scaling::Action::hold);
    EXPECT_TRUE(report.failed());
}

TEST_F(AutoscalerTest, AScaleOutDoesNotAskForProtection) {
    queue_holds(500);
    check();
    EXPECT_EQ(times("protection asked"), 0);
}

TEST_F(AutoscalerTest, NoticesThatSomebodyElseSetTheCount) {
    Autoscaler autoscaler{target(), reactor_, clock_, true};
    EXPECT_FALSE(run_check(autoscaler).changed_by_others_from) << "nothing was known before";
    EXPECT_FALSE(run_check(autoscaler).changed_by_others_from);
    world_.service->desired = Tasks{12};
    EXPECT_EQ(run_check(autoscaler).changed_by_others_from, Tasks{10});
    EXPECT_FALSE(run_check(autoscaler).changed_by_others_from) << "once";
}

TEST_F(AutoscalerTest, ItsOwnChangeIsNobodyElses) {
    queue_holds(500);
    Autoscaler autoscaler{target(), reactor_, clock_, false};
    EXPECT_TRUE(run_check(autoscaler).changed);
    world_.service->desired = Tasks{50};
    EXPECT_FALSE(run_check(autoscaler).changed_by_others_from);
}

// DescribeServices is behind for seconds after an update.
TEST_F(AutoscalerTest, WhatItSetAMomentAgoIsKnownThoughTheServiceSaysOtherwise) {
    queue_holds(500);
    Autoscaler autoscaler{target(), reactor_, clock_, false};
    EXPECT_TRUE(run_check(autoscaler).changed);
    clock_.time += std::chrono::seconds{3};
    const CheckReport behind = run_check(autoscaler);
    EXPECT_EQ(behind.service->desired, Tasks{50});
    EXPECT_FALSE(behind.changed_by_others_from);
    EXPECT_FALSE(behind.changed);
    clock_.time += std::chrono::seconds{10};
    const CheckReport settled = run_check(autoscaler);
    EXPECT_EQ(settled.service->desired, Tasks{10});
    EXPECT_EQ(settled.changed_by_others_from, Tasks{50});
}

TEST_F(AutoscalerTest, LooksAgainAfterAClaimThatTookLong) {
    queue_holds(500);
    world_.while_recording = [this] { clock_.time += std::chrono::seconds{3}; };
    EXPECT_TRUE(check().changed);
    EXPECT_EQ(times("service asked"), 2);
    EXPECT_THAT(done(), ElementsAre("recorded scale_out", "set 50"));
}

TEST_F(AutoscalerTest, AServiceThatIsStoppedDuringTheClaimStaysStopped) {
    queue_holds(500);
    world_.while_recording = [this] {
        clock_.time += std::chrono::seconds{3};
        world_.service->desired = Tasks{0};
    };
    const CheckReport report = check();
    EXPECT_FALSE(report.changed);
    EXPECT_THAT(report.decision->reason, HasSubstr("was stopped"));
    EXPECT_THAT(done(), ElementsAre("recorded scale_out"));
}

TEST_F(AutoscalerTest, AScaleInThatIsNoLongerWantedAfterItsClaimIsNotMade) {
    queue_holds(0);
    world_.while_recording = [this] {
        clock_.time += std::chrono::seconds{3};
        queue_holds(60);
    };
    const CheckReport report = check();
    EXPECT_FALSE(report.changed);
    EXPECT_THAT(report.decision->reason, HasSubstr("less was wanted"));
}

TEST_F(AutoscalerTest, WhereEveryLookIsSlowNothingIsClaimedNorDoneAndItIsSaid) {
    queue_holds(500);
    world_.while_reading_the_service = [this] { clock_.time += std::chrono::seconds{3}; };
    const CheckReport report = check();
    EXPECT_EQ(times("service asked"), 2);
    EXPECT_THAT(done(), IsEmpty());
    EXPECT_EQ(report.decision->action, scaling::Action::hold);
    ASSERT_EQ(report.errors.size(), 1U);
    EXPECT_EQ(report.errors[0].kind, ErrorKind::retryable);
    EXPECT_THAT(report.errors[0].message, HasSubstr("over 2 s to come"));
}

TEST_F(AutoscalerTest, NothingIsDoneIfTheLookAfterALongClaimIsSlowToo) {
    queue_holds(500);
    const auto three_seconds = [this] { clock_.time += std::chrono::seconds{3}; };
    world_.while_recording = [this, three_seconds] {
        three_seconds();
        world_.while_reading_the_service = three_seconds;
    };
    const CheckReport report = check();
    EXPECT_FALSE(report.changed);
    EXPECT_EQ(report.errors.size(), 1U);
    EXPECT_THAT(done(), ElementsAre("recorded scale_out"));
}

TEST_F(AutoscalerTest, AClaimThatTookLongIsAskedForAgainAndAQuickOneIsNot) {
    queue_holds(500);
    check();
    EXPECT_EQ(times("confirmed"), 0);
    world_.while_recording = [this] { clock_.time += std::chrono::seconds{3}; };
    EXPECT_TRUE(check().changed);
    EXPECT_EQ(times("confirmed"), 1);
}

TEST_F(AutoscalerTest, WhoseClaimWasReplacedBeforeItActsDoesNotAct) {
    world_.while_recording = [this] { clock_.time += std::chrono::seconds{3}; };
    world_.confirmed = failure(ErrorKind::conflict, "another recorded an action");
    for (const std::int64_t messages : {500, 0}) {
        queue_holds(messages);
        const CheckReport report = check();
        EXPECT_FALSE(report.changed);
        EXPECT_THAT(report.errors, IsEmpty());
        EXPECT_THAT(report.decision->reason, HasSubstr("another recorded an action"));
    }
}

TEST_F(AutoscalerTest, WhereNobodyCanSayWhetherAClaimStandsOnlyAScaleOutIsMade) {
    world_.while_recording = [this] { clock_.time += std::chrono::seconds{3}; };
    world_.confirmed = failure(ErrorKind::retryable, "the store is down");
    for (const std::int64_t messages : {500, 0}) {
        queue_holds(messages);
        const CheckReport report = check();
        EXPECT_EQ(report.changed, messages > 0);
        EXPECT_EQ(report.errors.size(), 1U);
    }
}

// More is wanted by now: the next check sees to the rest.
TEST_F(AutoscalerTest, WhatIsDoneAfterALongClaimIsWhatWasRecorded) {
    queue_holds(500);
    world_.while_recording = [this] {
        clock_.time += std::chrono::seconds{3};
        queue_holds(900);
    };
    EXPECT_TRUE(check().changed);
    EXPECT_THAT(done(), ElementsAre("recorded scale_out", "set 50"));
}

TEST_F(AutoscalerTest, LooksAgainAfterAskingForProtectionTookLong) {
    queue_holds(0);
    world_.while_asking_for_protection = [this] {
        clock_.time += std::chrono::seconds{3};
        queue_holds(500);
    };
    EXPECT_FALSE(check().changed);
    EXPECT_TRUE(done().empty());
}

// The second look of a check is the same check.
TEST_F(AutoscalerTest, OneFailingCheckIsOneFailureHoweverOftenItLooks) {
    world_.queue = failure(ErrorKind::retryable, "queue down");
    world_.past.from_memory = false;  // so that it looks again before it acts
    Target target = this->target();
    target.mind.fallback = {.behavior = scaling::FallbackBehavior::fixed,
                            .failure_threshold = 2,
                            .fallback_tasks = Tasks{30}};
    Autoscaler autoscaler{std::move(target), reactor_, clock_, false};
    EXPECT_FALSE(run_check(autoscaler).changed);
    EXPECT_FALSE(run_check(autoscaler).changed);
    const CheckReport third = run_check(autoscaler);
    EXPECT_TRUE(third.changed);
    EXPECT_THAT(third.decision->reason, HasSubstr("3 times in a row"));
    EXPECT_EQ(autoscaler.memory().readings.failures, 3);
}

TEST_F(AutoscalerTest, AStaleReadingIsAnErrorOfTheCheck) {
    world_.queue->measured_at = clock_.time - std::chrono::minutes{10};
    Target target = this->target();
    target.mind.rules.queue_age_max = Seconds{60};
    Autoscaler autoscaler{std::move(target), reactor_, clock_, false};
    const CheckReport report = run_check(autoscaler);
    EXPECT_TRUE(report.queue_unreadable);
    EXPECT_FALSE(report.decision);
    ASSERT_EQ(report.errors.size(), 1U);
    EXPECT_EQ(report.errors[0].code, "StaleQueue");
    EXPECT_THAT(report.undecided, HasSubstr("600 s ago"));
}

TEST_F(AutoscalerTest, EveryFailureIsReported) {
    world_.queue = failure(ErrorKind::retryable, "queue down");
    world_.service = failure(ErrorKind::retryable, "ECS down");
    EXPECT_EQ(check().errors.size(), 2U);
}

}  // namespace
}  // namespace fas::engine
