// The parts of a decision together: in which order, by which bounds, and what is remembered.
#include "scaling/judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/time_zone_files.h"
#include "scaling/backlog.h"
#include "scaling/cron.h"
#include "tests/scaling/examples.h"
#include "tests/scaling/judged.h"

namespace fas::scaling {
namespace {

using std::chrono::seconds;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

Mind ten_each(const Rules& rules = one_to_hundred) {
    return mind_with(BacklogPolicy{{.target_messages_per_task = 10}}, rules);
}

QueuePart part(std::string name, std::int64_t visible, std::int64_t in_flight, double weight = 1) {
    return {.depth = QueueDepth{Messages{visible}, Messages{in_flight}},
            .name = std::move(name),
            .weight = weight};
}

QueuePart unreadable(std::string name = "") {
    return {.why = "connection refused", .name = std::move(name)};
}

// A whole situation: nothing is left to be asked for.
Situation situation(std::vector<QueuePart> queues, std::int64_t desired) {
    return {.now = noon,
            .queues = std::move(queues),
            .service = ServiceState{Tasks{desired}, Tasks{desired}, Tasks{0}},
            .history = History{Never{}, Never{}},
            .protection = Protection{Tasks{0}}};
}

History after(Action action, int seconds_ago) {
    const ScalingAction last{
        .at = noon - seconds{seconds_ago}, .backlog = Messages{1'000'000}, .desired = Tasks{1}};
    if (action == Action::scale_out) return {last, Never{}};
    return {Never{}, last};
}

TEST(Judge, AddsQueuesUpByTheirWeights) {
    Mind mind = ten_each();
    mind.combine = Combine::sum;
    const Judgement judgement =
        judge(mind, {}, situation({part("a", 10, 1, 2), part("b", 5, 3)}, 1));
    EXPECT_EQ(judgement.queue.visible, Messages{25});
    EXPECT_EQ(judgement.queue.in_flight, Messages{5});
    EXPECT_EQ(judgement.decision.desired, Tasks{3});
}

TEST(Judge, GoesByTheFullestOfThem) {
    const Judgement judgement =
        judge(ten_each(), {}, situation({part("a", 10, 1), part("b", 5, 3)}, 1));
    EXPECT_EQ(judgement.queue.visible, Messages{10});
    EXPECT_EQ(judgement.queue.in_flight, Messages{3});
}

TEST(Judge, OneAloneIsTakenAsItIs) {
    const Judgement judgement = judge(ten_each(), {}, situation({part("", 10, 1, 5)}, 1));
    EXPECT_EQ(judgement.queue.visible, Messages{10});
}

TEST(Judge, OneThatFailsLeavesTheLeastThereCanBe) {
    Mind mind = ten_each();
    mind.combine = Combine::sum;
    const Judgement judgement = judge(mind, {}, situation({part("a", 10, 0), unreadable("b")}, 50));
    EXPECT_EQ(judgement.queue.visible, Messages{10});
    EXPECT_THAT(judgement.queue.missing, HasSubstr("b: connection refused"));
    EXPECT_EQ(judgement.decision.action, Action::hold);
    EXPECT_TRUE(judgement.known);
}

TEST(Judge, WhereAllFailNothingIsKnown) {
    for (std::vector<QueuePart> queues :
         {std::vector{unreadable()}, {unreadable("a"), unreadable("b")}}) {
        const Judgement judgement = judge(ten_each(), {}, situation(std::move(queues), 50));
        EXPECT_FALSE(judgement.known);
        EXPECT_EQ(judgement.decision.action, Action::hold);
        EXPECT_EQ(judgement.decision.desired, Tasks{50});
        EXPECT_THAT(judgement.decision.reason, HasSubstr("connection refused"));
        EXPECT_EQ(judgement.memory.readings.failures, 1);
    }
}

TEST(Judge, AReadingThatIsTooOldIsLikeNone) {
    Rules rules = one_to_hundred;
    rules.queue_age_max = Seconds{60};
    QueuePart old = part("a", 10, 0);
    old.depth->measured_at = noon - seconds{600};
    const Judgement alone = judge(ten_each(rules), {}, situation({old}, 50));
    EXPECT_FALSE(alone.known);
    ASSERT_EQ(alone.stale.size(), 1U);
    EXPECT_EQ(alone.stale[0].index, 0U);
    EXPECT_THAT(alone.stale[0].why, HasSubstr("600 s ago"));

    QueuePart fresh = part("b", 3, 0);
    fresh.depth->measured_at = noon - seconds{5};
    const Judgement both = judge(ten_each(rules), {}, situation({fresh, old}, 50));
    EXPECT_EQ(both.queue.visible, Messages{3});
    EXPECT_THAT(both.queue.missing, HasSubstr("600 s ago"));
    EXPECT_EQ(both.stale[0].index, 1U);

    EXPECT_EQ(judge(ten_each(), {}, situation({old}, 50)).queue.visible, Messages{10});
}

TEST(Judge, AServiceThatIsUnknownIsLeftAlone) {
    Situation unseen = situation({part("", 500, 0)}, 1);
    unseen.service.reset();
    unseen.service_missing = "no such service";
    const Judgement judgement = judge(ten_each(), {}, unseen);
    EXPECT_FALSE(judgement.known);
    EXPECT_EQ(judgement.decision.action, Action::hold);
    EXPECT_EQ(judgement.decision.reason, "the service's state is unknown (no such service)");
}

// A check that looks twice judges twice, from the memory that it began with.
TEST(Judge, AFailingCheckCountsOnceHoweverOftenItIsJudged) {
    Mind mind = ten_each();
    mind.fallback = {
        .behavior = FallbackBehavior::fixed, .failure_threshold = 2, .fallback_tasks = Tasks{30}};
    Memory memory;
    for (int check = 1; check <= 2; ++check) {
        const Situation failing = situation({unreadable()}, 10);
        judge(mind, memory, failing);
        memory = judge(mind, memory, failing).memory;
        EXPECT_EQ(memory.readings.failures, check);
    }
    const Judgement third = judge(mind, memory, situation({unreadable()}, 10));
    EXPECT_EQ(third.decision.desired, Tasks{30});
    EXPECT_THAT(third.decision.reason, HasSubstr("3 times in a row"));
}

Schedule all_day(std::int64_t min_tasks, std::int64_t max_tasks) {
    std::string problem;
    return {{.start = *parse_cron("* * * * *", &problem),
             .timezone = "UTC",
             .zone = load_time_zone("UTC").value(),
             .min_tasks = Tasks{min_tasks},
             .max_tasks = Tasks{max_tasks}}};
}

// "at once", docs/policies.md says of a schedule's minimum.
TEST(Judge, TheSchedulesMinimumWaitsForNoCooldown) {
    Mind mind = ten_each({.min_tasks = Tasks{1}, .max_tasks = Tasks{30}});
    mind.schedule = all_day(20, 30);
    Situation below = situation({part("", 0, 0)}, 2);
    below.history = after(Action::scale_out, 10);
    std::get<ScalingAction>(below.history->scale_out).desired = Tasks{2};
    EXPECT_EQ(judge(mind, {}, below).decision.desired, Tasks{20});
}

TEST(Judge, TheSchedulesMinimumIsReachedAtOnceWhateverTheBehaviorIs) {
    Mind mind = ten_each({.min_tasks = Tasks{1}, .max_tasks = Tasks{100}});
    mind.schedule = all_day(50, 100);
    mind.behavior.scale_out.policies = {{RateType::tasks, 1, Seconds{60}}};
    EXPECT_EQ(judge(mind, {}, situation({part("", 0, 0)}, 2)).decision.desired, Tasks{50});
}

TEST(Judge, TheSchedulesMaximumIsReachedAtOnceWhateverTheBehaviorIs) {
    Mind mind = ten_each({.min_tasks = Tasks{1}, .max_tasks = Tasks{100}});
    mind.schedule = all_day(1, 20);
    mind.behavior.scale_in.policies = {{RateType::tasks, 1, Seconds{60}}};
    EXPECT_EQ(judge(mind, {}, situation({part("", 5'000, 0)}, 80)).decision.desired, Tasks{20});
}

// Whoever waits for a cooldown has not asked which tasks are protected.
TEST(Judge, TheCooldownComesBeforeTheProtection) {
    Situation cooling = situation({part("", 0, 0)}, 10);
    cooling.history = after(Action::scale_in, 10);
    cooling.protection = Protection{Tasks{10}};
    const std::string reason = judge(ten_each(), {}, cooling).decision.reason;
    EXPECT_THAT(reason, AllOf(HasSubstr("cooldown left"), Not(HasSubstr("protected"))));
}

TEST(Judge, AsksForTheProtectionOnlyToScaleInAfterAll) {
    Situation unasked = situation({part("", 0, 0)}, 10);
    unasked.protection.reset();
    EXPECT_TRUE(judge(ten_each(), {}, unasked).needs_protection);
    EXPECT_EQ(judge(ten_each(), {}, unasked).decision.action, Action::scale_in);

    Rules unprotected = one_to_hundred;
    unprotected.respect_task_protection = false;
    EXPECT_FALSE(judge(ten_each(unprotected), {}, unasked).needs_protection);

    unasked.history = after(Action::scale_in, 10);
    EXPECT_FALSE(judge(ten_each(), {}, unasked).needs_protection) << "it waits all the same";
    unasked.queues = {part("", 500, 0)};
    unasked.history = History{Never{}, Never{}};
    EXPECT_FALSE(judge(ten_each(), {}, unasked).needs_protection);
}

TEST(Judge, ASecondReadingThatTurnsRoundIsLeftToTheNextCheck) {
    Situation second = situation({part("", 500, 0)}, 10);
    second.first_wanted = Action::scale_in;
    const Decision decision = judge(ten_each(), {}, second).decision;
    EXPECT_EQ(decision.action, Action::hold);
    EXPECT_THAT(decision.reason, AllOf(HasSubstr("no scale-out to 50"),
                                       HasSubstr("asked for the opposite direction")));
    second.first_wanted = Action::scale_out;
    EXPECT_EQ(judge(ten_each(), {}, second).decision.desired, Tasks{50});
}

TEST(Judge, RemembersAChangeOnlyOnceItIsMade) {
    Mind mind = ten_each();
    mind.behavior.scale_out.policies = {{RateType::tasks, 4, Seconds{60}}};
    const Judgement first = judge(mind, {}, situation({part("", 500, 0)}, 10));
    ASSERT_EQ(first.decision.desired, Tasks{14});
    EXPECT_EQ(judge(mind, first.memory, situation({part("", 500, 0)}, 10)).decision.desired,
              Tasks{14})
        << "it was not made, so nothing of the rate is used up";
    const Memory made = memory_after_change(mind, first, noon);
    EXPECT_EQ(judge(mind, made, situation({part("", 500, 0)}, 14)).decision.action, Action::hold);
}

// A service at 0 though min_tasks is above it.
Situation at_zero(History history) {
    Situation zero = situation({part("", 500, 0)}, 0);
    zero.history = std::move(history);
    return zero;
}

ScalingAction set(int seconds_ago, std::int64_t desired) {
    return {noon - seconds{seconds_ago}, Messages{0}, Tasks{desired}};
}

TEST(Judge, AStopByAPersonIsOneThatNoRecordOfOursExplains) {
    const auto desired = [](History history) {
        return judge(ten_each(), {}, at_zero(std::move(history))).decision.desired;
    };
    EXPECT_EQ(desired({Never{}, Never{}}), Tasks{0});
    EXPECT_EQ(desired({Never{}, set(600, 0)}), Tasks{50}) << "we set 0 ourselves";
    EXPECT_EQ(desired({set(900, 20), set(600, 0)}), Tasks{50});
    EXPECT_EQ(desired({set(600, 20), set(900, 0)}), Tasks{0}) << "it was at 20 since";
    EXPECT_EQ(desired({Never{}, set(600, 3)}), Tasks{0}) << "we left 3";
}

TEST(Judge, AsksWhoStoppedTheServiceBeforeItSaysSo) {
    Situation unasked = at_zero({});
    unasked.history.reset();
    const Judgement first = judge(ten_each(), {}, unasked);
    EXPECT_EQ(first.needs_history, Action::scale_in) << "of both directions";
    EXPECT_EQ(first.decision.action, Action::hold);
    const History unreadable{Never{}, Unknown{"S3 is down"}};
    EXPECT_EQ(judge(ten_each(), {}, at_zero(unreadable)).decision.action, Action::hold);
    EXPECT_FALSE(judge(ten_each(), {}, at_zero({Never{}, Never{}})).needs_history);
}

// DescribeServices is behind for seconds after an update.
TEST(Judge, AScaleOutNeverLowersWhatWasSetAMomentAgo) {
    Situation stale = situation({part("", 200, 0)}, 2);
    stale.history = History{set(3, 40), Never{}};
    for (const Seconds cooldown : {Seconds{0}, Seconds{120}}) {
        Rules rules = one_to_hundred;
        rules.scale_out_cooldown = cooldown;
        const Decision decision = judge(ten_each(rules), {}, stale).decision;
        EXPECT_EQ(decision.action, Action::hold);
        EXPECT_THAT(decision.reason, HasSubstr("the last scale-out, to 40, was 3 s ago"));
    }
    stale.queues = {part("", 600, 0)};
    EXPECT_EQ(judge(ten_each(), {}, stale).decision.desired, Tasks{60}) << "more is no harm";
    stale.queues = {part("", 200, 0)};
    stale.history = History{set(30, 40), Never{}};
    EXPECT_EQ(judge(ten_each(), {}, stale).decision.desired, Tasks{20}) << "it never arrived";
}

TEST(Judge, RemembersWhatItAddedForAsLongAsTheCooldown) {
    const Mind mind = ten_each();
    const Judgement first = judge(mind, {}, situation({part("", 500, 0)}, 10));
    EXPECT_TRUE(first.memory.launched.empty()) << "nothing is made yet";
    Memory memory = memory_after_change(mind, first, noon);
    EXPECT_EQ(sum_within(memory.launched, Seconds{120}, noon), Tasks{40});

    Situation later = situation({part("", 500, 0)}, 50);
    later.now = noon + seconds{119};
    EXPECT_FALSE(judge(mind, memory, later).memory.launched.empty());
    later.now = noon + seconds{120};
    EXPECT_TRUE(judge(mind, memory, later).memory.launched.empty());

    const Judgement in = judge(mind, memory, situation({part("", 100, 0)}, 50));
    EXPECT_TRUE(memory_after_change(mind, in, noon).launched.empty()) << "and took away again";
}

TEST(Judge, KnowsWhatIsWorthRemembering) {
    Mind mind = ten_each();
    EXPECT_FALSE(remembers(mind.rules, mind.behavior, mind.fallback));
    mind.rules.scale_in_evidence = Seconds{30};
    EXPECT_TRUE(remembers(mind.rules, mind.behavior, mind.fallback));
    mind = ten_each();
    mind.fallback.last_good_max_age = Seconds{60};
    EXPECT_TRUE(remembers(mind.rules, mind.behavior, mind.fallback));
    mind = ten_each();
    mind.fallback.behavior = FallbackBehavior::current;
    EXPECT_TRUE(remembers(mind.rules, mind.behavior, mind.fallback));
    mind = ten_each();
    mind.behavior.scale_in.stabilization_window = Seconds{300};
    EXPECT_TRUE(remembers(mind.rules, mind.behavior, mind.fallback));
}

}  // namespace
}  // namespace fas::scaling
