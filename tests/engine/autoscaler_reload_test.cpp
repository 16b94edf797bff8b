// What becomes of an autoscaler whose target is configured anew, or is no more.
#include <gmock/gmock.h>

#include "engine/autoscaler.h"
#include "tests/engine/autoscaler_fixture.h"

namespace fas::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST_F(AutoscalerTest, WhatIsConfiguredAnewKeepsItsMemory) {
    queue_holds(500);
    const auto at_most_four_a_minute = [this](std::int64_t max_tasks) {
        Target target = this->target();
        target.mind.rules.max_tasks = Tasks{max_tasks};
        target.mind.rules.scale_out_override = scaling::CooldownOverride::always;
        target.mind.behavior.scale_out.policies = {{scaling::RateType::tasks, 4, Seconds{60}}};
        return target;
    };
    Autoscaler autoscaler{at_most_four_a_minute(100), reactor_, clock_, false};
    EXPECT_EQ(run_check(autoscaler).decision->desired, Tasks{14});
    world_.service->desired = Tasks{14};
    clock_.time += std::chrono::seconds{10};
    autoscaler.reconfigure(at_most_four_a_minute(90), true);
    EXPECT_THAT(run_check(autoscaler).decision->reason, HasSubstr("limited to 14"));
    clock_.time += std::chrono::seconds{60};
    EXPECT_EQ(run_check(autoscaler).decision->desired, Tasks{18});
}

TEST_F(AutoscalerTest, AReadingOfAnotherQueueStandsInForNothing) {
    queue_holds(500);
    const auto with_last_good = [this] {
        Target target = this->target();
        target.mind.fallback.last_good_max_age = Seconds{600};
        return target;
    };
    for (const bool same_queues : {true, false}) {
        queue_holds(500);
        Autoscaler autoscaler{with_last_good(), reactor_, clock_, true};
        run_check(autoscaler);
        world_.queue = failure(ErrorKind::retryable, "queue down");
        autoscaler.reconfigure(with_last_good(), same_queues);
        EXPECT_EQ(run_check(autoscaler).decision.has_value(), same_queues);
    }
}

// Its claim is under way when the configuration changes, and fails.
TEST_F(AutoscalerTest, AScaleOutOfAnOldConfigurationIsNotMadeWithoutAClaim) {
    queue_holds(500);
    world_.recorded = failure(ErrorKind::retryable, "S3 said 503");
    Autoscaler autoscaler{target(), reactor_, clock_, false};
    world_.while_recording = [&autoscaler] { autoscaler.retire(); };
    const CheckReport report = run_check(autoscaler);
    EXPECT_THAT(done(), ElementsAre("recorded scale_out"));
    EXPECT_THAT(report.decision->reason, HasSubstr("the configuration has changed meanwhile"));
}

reactor::Task<void> change_while_it_reads(Autoscaler* autoscaler, std::optional<Target> next,
                                          reactor::Reactor* reactor) {
    co_await reactor->yield();
    if (next) {
        autoscaler->reconfigure(std::move(*next), true);
    } else {
        autoscaler->retire();
    }
}

// The next check is for the new one.
TEST_F(AutoscalerTest, ACheckOfAnOldConfigurationClaimsNothing) {
    queue_holds(500);
    for (const bool retires : {false, true}) {
        Autoscaler autoscaler{target(), reactor_, clock_, false};
        reactor::Background change;
        change.start(change_while_it_reads(
            &autoscaler, retires ? std::nullopt : std::optional{target()}, &reactor_));
        const CheckReport report = run_check(autoscaler);
        EXPECT_THAT(done(), IsEmpty());
        EXPECT_THAT(report.decision->reason, HasSubstr("the configuration has changed meanwhile"));
    }
}

}  // namespace
}  // namespace fas::engine
