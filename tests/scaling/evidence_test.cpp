#include "scaling/evidence.h"

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <vector>

#include "scaling/backlog.h"
#include "scaling/judge.h"
#include "scaling/schedule.h"
#include "tests/scaling/examples.h"

namespace fas::scaling {
namespace {

using std::chrono::seconds;

// One message is one task; nothing but evidence holds a scale-in.
class Evidence : public testing::Test {
  protected:
    Evidence() {
        mind_.policy = std::make_shared<BacklogPolicy>(
            BacklogParameters{.target_messages_per_task = 1, .tolerance = 0});
        mind_.rules = {.min_tasks = Tasks{0},
                       .max_tasks = Tasks{100},
                       .scale_out_cooldown = Seconds{0},
                       .scale_in_cooldown = Seconds{0}};
    }

    const Decision& check(seconds later, QueueDepth queue) {
        const TimePoint at = now + later;
        judgement_ = judge(mind_, memory_,
                           {.now = at,
                            .queues = {{.depth = std::move(queue)}},
                            .service = service_,
                            .history = History{Never{}, Never{}},
                            .protection = Protection{Tasks{0}}});
        memory_ = judgement_.memory;
        return judgement_.decision;
    }
    const Decision& check(seconds later, std::int64_t messages) {
        return check(later, depth(messages));
    }
    void carry_out(seconds later) {
        memory_ = memory_after_change(mind_, judgement_, now + later);
        service_.desired = service_.running = judgement_.decision.desired;
    }

    Mind mind_;
    Memory memory_;
    ServiceState service_{.desired = Tasks{50}, .running = Tasks{50}};
    Judgement judgement_;
};

TEST_F(Evidence, OneReadingScalesNothingIn) {
    check(seconds{0}, 50);
    EXPECT_EQ(check(seconds{60}, 0).action, Action::hold);
    EXPECT_EQ(judgement_.decision.reason,
              "no scale-in to 0 (0 messages at 1 a task need 0 tasks): a scale-in needs readings "
              "30 s apart that want "
              "it, and so far they are 0 s");
    EXPECT_EQ(check(seconds{61}, 50).action, Action::hold);
    EXPECT_EQ(check(seconds{91}, 0).action, Action::hold);
}

TEST_F(Evidence, ReadingsThatFarApartDo) {
    EXPECT_EQ(check(seconds{0}, 20).action, Action::hold);
    EXPECT_EQ(check(seconds{29}, 20).action, Action::hold);
    EXPECT_EQ(check(seconds{30}, 20).action, Action::scale_in);
    EXPECT_EQ(judgement_.decision.desired, Tasks{20});
}

TEST_F(Evidence, TwoReadingsAreEnoughHoweverRare) {
    check(seconds{0}, 20);
    EXPECT_EQ(check(seconds{3600}, 10).desired, Tasks{20});
    EXPECT_EQ(judgement_.decision.action, Action::scale_in);
}

TEST_F(Evidence, GoesNoFurtherThanTheLeastOfThem) {
    check(seconds{0}, 20);
    check(seconds{10}, 30);
    check(seconds{20}, 5);
    EXPECT_EQ(check(seconds{30}, 0).desired, Tasks{30});
    carry_out(seconds{30});
    EXPECT_EQ(check(seconds{45}, 0).action, Action::hold);
    EXPECT_EQ(check(seconds{51}, 0).desired, Tasks{5});
    carry_out(seconds{51});
    EXPECT_EQ(check(seconds{60}, 0).desired, Tasks{0});
}

TEST_F(Evidence, BeginsAnewAfterAReadingThatWantsNone) {
    check(seconds{0}, 20);
    check(seconds{25}, 50);
    EXPECT_EQ(check(seconds{40}, 20).action, Action::hold);
    EXPECT_EQ(check(seconds{70}, 20).action, Action::scale_in);
}

TEST_F(Evidence, IsLeftAsItIsByAnUnreadableQueue) {
    check(seconds{0}, 20);
    check(seconds{15}, QueueDepth{.missing = "it did not answer"});
    EXPECT_EQ(check(seconds{30}, 20).action, Action::scale_in);
}

TEST_F(Evidence, IsNoneInALowerBound) {
    QueueDepth bound = depth(5);
    bound.missing = "a part did not answer";
    check(seconds{0}, bound);
    EXPECT_EQ(check(seconds{30}, 5).action, Action::hold);
    bound.visible = Messages{50};
    check(seconds{40}, bound);
    EXPECT_EQ(check(seconds{60}, 5).action, Action::hold);
}

TEST_F(Evidence, CountsMessagesInFlightWhereTheyKeepTasksBusy) {
    mind_.rules.in_flight_per_task = 1;
    check(seconds{0}, depth(0, 40));
    EXPECT_EQ(check(seconds{30}, depth(0, 0)).desired, Tasks{40});
}

TEST_F(Evidence, IsNotNeededForTheBounds) {
    mind_.rules.max_tasks = Tasks{30};
    EXPECT_EQ(check(seconds{0}, 0).desired, Tasks{30});
    EXPECT_EQ(judgement_.decision.action, Action::scale_in);
    service_.own_max = Tasks{25};
    EXPECT_EQ(check(seconds{1}, 0).desired, Tasks{25});
}

TEST_F(Evidence, IsNotNeededForTheSchedule) {
    mind_.policy = std::make_shared<SchedulePolicy>();
    mind_.rules.max_tasks = Tasks{30};
    EXPECT_EQ(check(seconds{0}, QueueDepth{}).desired, Tasks{30});
}

TEST_F(Evidence, IsNotNeededForWhatAPersonHasSaid) {
    mind_.rules.hold_at = Tasks{3};
    EXPECT_EQ(check(seconds{0}, 50).desired, Tasks{3});
    EXPECT_EQ(judgement_.decision.action, Action::scale_in);
}

TEST_F(Evidence, IsNotAskedForWhereItIsOff) {
    mind_.rules.scale_in_evidence = Seconds{0};
    EXPECT_EQ(check(seconds{0}, 0).desired, Tasks{0});
}

TEST_F(Evidence, OfTheFutureBeginsNow) {
    check(seconds{3600}, 20);
    EXPECT_EQ(check(seconds{0}, 20).action, Action::hold);
    EXPECT_EQ(check(seconds{30}, 20).action, Action::scale_in);
}

// By the letter of the rule: the newest reading that is old enough, and all since, want it.
TEST_F(Evidence, IsWhatAListOfAllReadingsSays) {
    std::mt19937 random{20261201};
    std::uniform_int_distribution<int> messages{0, 60};
    std::uniform_int_distribution<int> pause{1, 20};
    std::vector<std::pair<seconds, std::int64_t>> in_a_row;
    seconds later{0};
    for (int i = 0; i < 20'000; ++i) {
        later += seconds{pause(random)};
        const std::int64_t wanted = messages(random) % (i % 7 == 0 ? 61 : 40);
        if (wanted >= service_.desired.value) in_a_row.clear();
        if (wanted < service_.desired.value) in_a_row.emplace_back(later, wanted);
        std::int64_t expected = std::max<std::int64_t>(wanted, service_.desired.value);
        std::int64_t highest = 0;
        for (auto each = in_a_row.rbegin(); each != in_a_row.rend(); ++each) {
            highest = std::max(highest, each->second);
            if (later - each->first < seconds{30}) continue;
            expected = std::min(highest, service_.desired.value);
            break;
        }
        ASSERT_EQ(check(later, wanted).desired, Tasks{expected}) << "reading " << i;
        if (i % 5 == 0) carry_out(later);
    }
}

}  // namespace
}  // namespace fas::scaling
