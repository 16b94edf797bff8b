// What operators say by hand: pauses, a number of tasks to keep, and protected tasks.
#include "scaling/controls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scaling/backlog.h"
#include "tests/scaling/examples.h"
#include "tests/scaling/judged.h"

namespace fas::scaling {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

Decision decided(std::int64_t visible, const Rules& rules, const Controls& controls = {},
                 Protection protection = {Tasks{0}}) {
    Observation observation;
    observation.queue = {Messages{visible}, Messages{0}};
    observation.service = {Tasks{10}, Tasks{10}, Tasks{0}, false, controls};
    const ScalingAction just_now{.at = now, .backlog = Messages{1'000'000}, .desired = Tasks{1}};
    const bool held = rules.hold_at || controls.hold_at;
    const History history = held ? History{just_now, just_now} : History{Never{}, Never{}};
    Situation situation = seen(observation, now, history);
    situation.protection = protection;
    return judge(mind_with(BacklogPolicy{{.target_messages_per_task = 10}}, rules), {}, situation)
        .decision;
}

Rules paused(Pause pause, std::optional<Tasks> hold_at = std::nullopt) {
    Rules rules = one_to_hundred;
    rules.pause = pause;
    rules.hold_at = hold_at;
    return rules;
}

TEST(Controls, APauseStopsItsDirectionAlone) {
    EXPECT_EQ(decided(500, paused(Pause::in)).action, Action::scale_out);
    EXPECT_EQ(decided(0, paused(Pause::in)).action, Action::hold);
    EXPECT_EQ(decided(500, paused(Pause::out)).action, Action::hold);
    EXPECT_EQ(decided(0, paused(Pause::out)).action, Action::scale_in);
    EXPECT_EQ(decided(500, paused(Pause::all)).action, Action::hold);
    EXPECT_THAT(decided(0, paused(Pause::in)).reason,
                AllOf(StartsWith("paused: pause is in (the configuration)"),
                      HasSubstr("no scale-in to 1")));
}

TEST(Controls, ASwitchOfTheTargetsOwnIsAPauseToo) {
    Controls suspended;
    suspended.suspended = Pause::out;
    suspended.suspended_by = "its process Launch is suspended";
    EXPECT_EQ(decided(500, one_to_hundred, suspended).action, Action::hold);
    EXPECT_THAT(decided(500, one_to_hundred, suspended).reason,
                StartsWith("paused: its process Launch is suspended; no scale-out to 50"));
    EXPECT_EQ(decided(0, one_to_hundred, suspended).action, Action::scale_in);
    EXPECT_EQ(decided(0, paused(Pause::in), suspended).action, Action::hold);
    EXPECT_THAT(
        decided(0, paused(Pause::in), suspended).reason,
        StartsWith("paused: pause is in (the configuration) and its process Launch is suspended"));
}

TEST(Controls, HoldAtIsExactWhateverBoundsAndCooldownsSay) {
    EXPECT_EQ(decided(0, paused(Pause::none, Tasks{200})).desired, Tasks{200});
    EXPECT_EQ(decided(500, paused(Pause::none, Tasks{0})).desired, Tasks{0});
    EXPECT_EQ(decided(500, paused(Pause::none, Tasks{10})).action, Action::hold);
}

TEST(Controls, APauseWinsOverHoldAt) {
    EXPECT_EQ(decided(0, paused(Pause::all, Tasks{20})).action, Action::hold);
    EXPECT_EQ(decided(0, paused(Pause::out, Tasks{20})).action, Action::hold);
    EXPECT_EQ(decided(0, paused(Pause::in, Tasks{20})).action, Action::scale_out);
    EXPECT_EQ(decided(0, paused(Pause::in, Tasks{2})).action, Action::hold);
}

TEST(Controls, TagsAddToAPauseAndWinForHoldAt) {
    EXPECT_EQ(with_controls(paused(Pause::in), read_controls("out", {})).pause, Pause::all);
    EXPECT_EQ(with_controls(paused(Pause::in), read_controls("none", {})).pause, Pause::in);
    EXPECT_EQ(decided(0, paused(Pause::none, Tasks{20}), read_controls({}, "30")).desired,
              Tasks{30});
    EXPECT_THAT(decided(0, one_to_hundred, read_controls("in", {})).reason,
                HasSubstr("the service's tag"));
}

TEST(Controls, ATagThatIsNotUnderstoodPausesEverything) {
    for (const char* text : {"", "-1", "1.5", "ten", "100001", " 3"}) {
        const Decision decision = decided(500, one_to_hundred, read_controls({}, text));
        EXPECT_EQ(decision.action, Action::hold) << text;
        EXPECT_THAT(decision.reason, AllOf(HasSubstr("hold_at"), HasSubstr("not understood")));
    }
    EXPECT_THAT(decided(0, one_to_hundred, read_controls("yes", "5")).reason,
                AllOf(StartsWith("paused: "), HasSubstr("none, in, out or all")));
}

TEST(Controls, ProtectedTasksBoundAScaleIn) {
    const auto with_protected = [](std::optional<Tasks> tasks) {
        return decided(0, one_to_hundred, {}, {tasks});
    };
    ASSERT_EQ(with_protected(Tasks{0}).desired, Tasks{1});
    EXPECT_EQ(with_protected(Tasks{1}).desired, Tasks{1});
    EXPECT_EQ(with_protected(Tasks{4}).desired, Tasks{4});
    EXPECT_THAT(with_protected(Tasks{4}).reason, HasSubstr("4 tasks are protected"));
    EXPECT_EQ(with_protected(Tasks{10}).action, Action::hold);
    EXPECT_EQ(with_protected(std::nullopt).action, Action::hold);
    EXPECT_EQ(decided(500, one_to_hundred, {}, {Tasks{90}}).desired, Tasks{50});
}

}  // namespace
}  // namespace fas::scaling
