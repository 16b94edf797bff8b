#include "scaling/behavior.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <random>
#include <vector>

#include "tests/scaling/examples.h"

namespace fas::scaling {
namespace {

using std::chrono::seconds;
using ::testing::HasSubstr;

constexpr Rules one_to_thousand{.min_tasks = Tasks{1}, .max_tasks = Tasks{1000}};

// What recommend() makes of a policy that wants so many.
Decision wants(std::int64_t current, std::int64_t wanted) {
    Decision decision{Action::hold, Tasks{current}, Tasks{wanted}, Messages{7}, "wanted"};
    if (wanted > current) decision.action = Action::scale_out;
    if (wanted < current) decision.action = Action::scale_in;
    decision.wanted = Tasks{wanted};
    return decision;
}

// One service whose changes all succeed at once.
struct Service {
    Service(Behavior given, std::int64_t count) : behavior(std::move(given)), tasks(count) {}

    Decision check(Decision wanted, seconds later = seconds{0}) {
        now += later;
        const Decision decision = apply_behavior(std::move(wanted), behavior, rules, memory, now);
        if (decision.action != Action::hold) {
            remember_change(memory, behavior, Tasks{tasks}, decision.desired, now);
            tasks = decision.desired.value;
        }
        return decision;
    }
    std::int64_t want(std::int64_t wanted, seconds later = seconds{0}) {
        check(wants(tasks, wanted), later);
        return tasks;
    }

    Behavior behavior;
    std::int64_t tasks;
    Rules rules = one_to_thousand;
    BehaviorMemory memory;
    TimePoint now = scaling::now;
};

RatePolicy by_tasks(std::int64_t value, double period) {
    return {RateType::tasks, value, Seconds{period}};
}
RatePolicy by_percent(std::int64_t value, double period) {
    return {RateType::percent, value, Seconds{period}};
}

TEST(Behavior, WithoutSettingsNothingChangesAndNothingIsRemembered) {
    Service service{{}, 10};
    EXPECT_EQ(service.want(500), 500);
    EXPECT_EQ(service.want(1), 1);
    EXPECT_FALSE(service.memory.begun);
}

// Kubernetes' example: 4 pods or 10 % a minute, whichever is more.
TEST(Behavior, TheExampleOfTheHpaScalesInByTheLargerOfTwoPolicies) {
    Service service{{.scale_in = {.policies = {by_tasks(4, 60), by_percent(10, 60)}}}, 80};
    std::vector<std::int64_t> counts;
    for (int i = 0; i < 14; ++i) counts.push_back(service.want(10, seconds{60}));
    EXPECT_EQ(counts,
              (std::vector<std::int64_t>{72, 64, 57, 51, 45, 40, 36, 32, 28, 24, 20, 16, 12, 10}));
}

// The HPA's default for growth: 4 pods or 100 % in 15 s, whichever is more.
TEST(Behavior, TheDefaultOfTheHpaScalesOutByTheLargerOfTwoPolicies) {
    Service service{{.scale_out = {.policies = {by_tasks(4, 15), by_percent(100, 15)}}}, 1};
    std::vector<std::int64_t> counts;
    for (int i = 0; i < 5; ++i) counts.push_back(service.want(70, seconds{15}));
    EXPECT_EQ(counts, (std::vector<std::int64_t>{5, 10, 20, 40, 70}));
}

TEST(Behavior, SelectMinTakesThePolicyThatAllowsTheLeast) {
    Service in{{.scale_in = {.policies = {by_tasks(5, 60), by_percent(10, 60)},
                             .select_policy = SelectPolicy::min}},
               80};
    EXPECT_EQ(in.want(10), 75);
    Service out{{.scale_out = {.policies = {by_tasks(5, 60), by_percent(10, 60)},
                               .select_policy = SelectPolicy::min}},
                80};
    EXPECT_EQ(out.want(200), 85);
}

TEST(Behavior, DisabledIsNoChangeInThatDirection) {
    Service service{{.scale_in = {.select_policy = SelectPolicy::disabled}}, 80};
    const Decision decision = service.check(wants(80, 10));
    EXPECT_EQ(decision.action, Action::hold);
    EXPECT_EQ(decision.desired, Tasks{80});
    EXPECT_EQ(decision.reason, "no scale-in to 10 (wanted): behavior.scale_in is disabled");
    EXPECT_EQ(service.want(90), 90);
}

TEST(Behavior, APeriodIsOfTheLastSecondsAndNotOfTheClock) {
    Service service{{.scale_out = {.policies = {by_tasks(10, 60)}}}, 10};
    EXPECT_EQ(service.want(100), 20);
    EXPECT_EQ(service.want(100, seconds{30}), 20);
    EXPECT_EQ(service.want(100, seconds{29}), 20);
    EXPECT_EQ(service.want(100, seconds{1}), 30);
}

TEST(Behavior, WhatWasRemovedMayComeBackWithinThePeriod) {
    Service service{{.scale_out = {.policies = {by_tasks(10, 60)}}}, 50};
    EXPECT_EQ(service.want(20), 20);
    EXPECT_EQ(service.want(100, seconds{5}), 60);
}

TEST(Behavior, SaysWhichPolicyLimits) {
    Service service{{.scale_out = {.policies = {by_percent(50, 60)}}}, 10};
    EXPECT_EQ(service.check(wants(10, 100)).reason,
              "wanted, but limited to 15: at most 50 % in 60 s");
    EXPECT_THAT(service.check(wants(15, 100)).reason,
                HasSubstr("no scale-out to 100 (wanted): limited to 15"));
}

TEST(Behavior, AServiceAtZeroMayHaveItsFirstTaskByAPercentage) {
    Service service{{.scale_out = {.policies = {by_percent(100, 60)}}}, 0};
    service.rules.min_tasks = Tasks{0};
    EXPECT_EQ(service.want(50), 1);
    EXPECT_EQ(service.want(50, seconds{60}), 2);
    EXPECT_EQ(service.want(50, seconds{60}), 4);
}

TEST(Behavior, AScaleInTakesTheHighestOfItsWindow) {
    Service service{{.scale_in = {.stabilization_window = Seconds{300}}}, 40};
    EXPECT_EQ(service.want(40), 40);
    EXPECT_EQ(service.want(10, seconds{100}), 40);
    EXPECT_EQ(service.want(25, seconds{100}), 40);
    EXPECT_EQ(service.want(5, seconds{99}), 40);
    EXPECT_EQ(service.want(5, seconds{1}), 25);
    EXPECT_EQ(service.want(5, seconds{199}), 25);
    EXPECT_EQ(service.want(5, seconds{1}), 5);
}

TEST(Behavior, SaysWhatItIsHeldAt) {
    Service service{{.scale_in = {.stabilization_window = Seconds{300}}}, 40};
    service.check(wants(40, 40));
    service.check(wants(40, 30), seconds{10});
    EXPECT_EQ(service.check(wants(40, 10), seconds{190}).reason,
              "no scale-in to 10 (wanted): held at 40: the highest recommendation of the last "
              "300 s");
    EXPECT_EQ(service.check(wants(40, 10), seconds{99}).action, Action::hold);
    EXPECT_EQ(service.check(wants(40, 10), seconds{1}).reason,
              "wanted, but held at 30: the highest recommendation of the last 300 s");
}

TEST(Behavior, AFreshProcessDoesNotScaleInBeforeTheWindowHasPassed) {
    Service service{{.scale_in = {.stabilization_window = Seconds{300}}}, 40};
    EXPECT_EQ(service.want(1), 40);
    EXPECT_EQ(service.want(1, seconds{299}), 40);
    EXPECT_EQ(service.want(1, seconds{1}), 1);
}

TEST(Behavior, AScaleOutTakesTheLowestOfItsWindow) {
    Service service{{.scale_out = {.stabilization_window = Seconds{60}}}, 10};
    EXPECT_EQ(service.want(50), 10);
    EXPECT_EQ(service.want(30, seconds{30}), 10);
    EXPECT_EQ(service.want(90, seconds{30}), 30);
    EXPECT_EQ(service.want(90, seconds{30}), 90);
}

TEST(Behavior, FirstWaitsAndThenLimits) {
    Service service{
        {.scale_in = {.stabilization_window = Seconds{60}, .policies = {by_tasks(4, 60)}}}, 40};
    EXPECT_EQ(service.want(20), 40);
    EXPECT_EQ(service.want(20, seconds{60}), 36);
    EXPECT_EQ(service.want(20, seconds{30}), 36);
    EXPECT_EQ(service.want(20, seconds{30}), 32);
}

TEST(Behavior, AnUnknownQueueIsNoRecommendation) {
    Service service{{.scale_out = {.stabilization_window = Seconds{60}}}, 10};
    service.want(50);
    Decision unknown = wants(10, 10);
    unknown.wanted.reset();
    EXPECT_EQ(service.check(unknown, seconds{59}).action, Action::hold);
    EXPECT_EQ(service.want(50, seconds{1}), 50);
}

TEST(Behavior, WhatAnotherObstacleHeldIsRememberedAsItWasWanted) {
    Service service{{.scale_out = {.stabilization_window = Seconds{60}}}, 10};
    service.want(50);
    Decision paused = wants(10, 10);
    paused.wanted = Tasks{50};
    EXPECT_EQ(service.check(paused, seconds{59}).action, Action::hold);
    EXPECT_EQ(service.want(50, seconds{1}), 50);
}

TEST(Behavior, WhatAnOperatorSaidIsNeitherHeldNorLimited) {
    Service service{{.scale_out = {.policies = {by_tasks(1, 60)}},
                     .scale_in = {.stabilization_window = Seconds{300}}},
                    40};
    Decision said = wants(40, 5);
    said.by_operator = true;
    said.wanted.reset();
    EXPECT_EQ(service.check(said).desired, Tasks{5});
}

TEST(Behavior, AServiceOutsideTheBoundsGoesToThemAtOnce) {
    const Behavior slow{.scale_out = {.policies = {by_tasks(1, 60)}},
                        .scale_in = {.stabilization_window = Seconds{300}}};
    Service below{slow, 2};
    below.rules.min_tasks = Tasks{10};
    EXPECT_EQ(below.want(50), 10);
    Service above{slow, 90};
    above.rules.max_tasks = Tasks{30};
    const Decision decision = above.check(wants(90, 5));
    EXPECT_EQ(decision.desired, Tasks{30});
    EXPECT_THAT(decision.reason, HasSubstr("held at 90: the highest recommendation of the last "
                                           "300 s, at most 30"));
    Service busy{slow, 90};  // work in flight keeps more than max_tasks
    busy.rules.max_tasks = Tasks{30};
    EXPECT_EQ(busy.check(wants(90, 50)).desired, Tasks{50});
}

TEST(Behavior, AClockThatGoesBackDoesNotHoldForLongerThanTheWindow) {
    Service service{{.scale_in = {.stabilization_window = Seconds{300}}}, 40};
    service.want(40);
    EXPECT_EQ(service.want(10, seconds{-86'400}), 40);
    EXPECT_EQ(service.want(10, seconds{299}), 40);
    EXPECT_EQ(service.want(10, seconds{1}), 10);
}

TEST(Behavior, ItsMemoryIsBounded) {
    Service service{
        {.scale_out = {.stabilization_window = Seconds{3600}},
         .scale_in = {.stabilization_window = Seconds{3600}, .policies = {by_tasks(1, 1)}}},
        20'000};
    service.rules.max_tasks = Tasks{100'000};
    for (int i = 0; i < 20'000; ++i) service.check(wants(20'000, 19'999 - i), seconds{1});
    EXPECT_LE(service.memory.highest.size(), 101U);
    for (int i = 0; i < 20'000; ++i) service.check(wants(1, 2 + i), seconds{1});
    EXPECT_LE(service.memory.lowest.size(), 101U);
    EXPECT_LE(service.memory.removed.size(), 2U);
}

// A plain account of all that was wanted and done, with the HPA's formulas written out.
struct Plainly {
    struct Event {
        TimePoint at;
        std::int64_t value;
    };
    std::deque<Event> wanted;
    std::deque<Event> changes;  // below 0: removed

    std::int64_t start_of(const RatePolicy& policy, std::int64_t current, TimePoint now) const {
        for (const Event& change : changes) {
            if (Seconds{now - change.at} < policy.period) current -= change.value;
        }
        return current;
    }
    std::int64_t next(const Behavior& behavior, std::int64_t current, std::int64_t want,
                      TimePoint now) {
        std::int64_t low = want;
        std::int64_t high = want;
        for (const Event& each : wanted) {
            const Seconds age = now - each.at;
            if (age < behavior.scale_out.stabilization_window) low = std::min(low, each.value);
            if (age < behavior.scale_in.stabilization_window) high = std::max(high, each.value);
        }
        wanted.push_back({now, want});
        std::int64_t result = std::min(std::max(current, low), high);
        const bool out = result > current;
        std::optional<std::int64_t> limit;
        for (const RatePolicy& policy :
             out ? behavior.scale_out.policies : behavior.scale_in.policies) {
            const std::int64_t change = out ? policy.value : -policy.value;
            const std::int64_t proposed = start_of(policy, current, now) + change;
            if (!limit) limit = proposed;
            const bool most =
                (out ? behavior.scale_out : behavior.scale_in).select_policy == SelectPolicy::max;
            limit = most == out ? std::max(*limit, proposed) : std::min(*limit, proposed);
        }
        if (limit && out) result = std::min(result, std::max(*limit, current));
        if (limit && !out && result < current) result = std::max(result, std::min(*limit, current));
        if (result != current) changes.push_back({now, result - current});
        return result;
    }
};

TEST(Behavior, RandomRunsAgreeWithAPlainAccount) {
    std::mt19937 random{20};
    const auto pick = [&random](int from, int to) {
        return std::uniform_int_distribution<int>{from, to}(random);
    };
    for (int run = 0; run < 200; ++run) {
        Behavior behavior;
        for (DirectionBehavior* direction : {&behavior.scale_out, &behavior.scale_in}) {
            direction->stabilization_window = Seconds{static_cast<double>(pick(0, 90))};
            for (int i = pick(0, 3); i > 0; --i) {
                direction->policies.push_back(by_tasks(pick(1, 30), pick(1, 90)));
            }
            if (pick(0, 1) == 1) direction->select_policy = SelectPolicy::min;
        }
        Service service{behavior, pick(100, 300)};
        Plainly plainly{.wanted = {{now, service.tasks}}, .changes = {}};
        // The first check comes with the start: the present count is what was wanted.
        for (int check = 0; check < 150; ++check) {
            const std::int64_t want = pick(1, 400);
            service.now += seconds{check == 0 ? 0 : pick(1, 20)};
            const std::int64_t expected = plainly.next(behavior, service.tasks, want, service.now);
            if (behavior.is_off()) break;
            ASSERT_EQ(service.want(want), expected) << "run " << run << ", check " << check;
        }
    }
}

// As after a restart: what was kept is older than the window.
TEST(Behavior, AMemoryThatIsTooOldForTheWindowIsAsCarefulAsNone) {
    Service service{{.scale_in = {.stabilization_window = Seconds{300}}}, 50};
    EXPECT_EQ(service.want(50), 50);
    service.memory.begun = false;
    EXPECT_EQ(service.want(1, seconds{301}), 50);
    EXPECT_EQ(service.want(1, seconds{299}), 50);
    EXPECT_EQ(service.want(1, seconds{1}), 1);
}

TEST(Behavior, AMemoryThatReachesIntoTheWindowGoesOn) {
    Service service{{.scale_in = {.stabilization_window = Seconds{300}}}, 50};
    EXPECT_EQ(service.want(20), 50);
    EXPECT_EQ(service.want(10, seconds{299}), 50);
    service.memory.begun = false;
    EXPECT_EQ(service.want(10, seconds{1}), 10);
}

}  // namespace
}  // namespace fas::scaling
