#include "scaling/schedule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "base/time_zone_files.h"
#include "scaling/backlog.h"
#include "tests/scaling/examples.h"
#include "tests/scaling/judged.h"

namespace fas::scaling {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::HasSubstr;

TimePoint utc(std::string_view text) { return parse_iso8601(text).value(); }

ScheduleEntry entry(std::string_view start, std::optional<std::int64_t> min_tasks,
                    std::optional<std::int64_t> max_tasks, std::string_view zone = "UTC",
                    std::string_view end = "") {
    ScheduleEntry result{.start = cron(start), .timezone = std::string{zone}};
    result.zone = load_time_zone(zone).value();
    if (!end.empty()) result.end = cron(end);
    if (min_tasks) result.min_tasks = Tasks{*min_tasks};
    if (max_tasks) result.max_tasks = Tasks{*max_tasks};
    return result;
}

std::pair<std::int64_t, std::int64_t> bounds(const Schedule& schedule, std::string_view time,
                                             Rules rules = two_to_hundred) {
    const Rules now = with_schedule(rules, schedule, utc(time));
    return {now.min_tasks.value, now.max_tasks.value};
}

using Bounds = std::pair<std::int64_t, std::int64_t>;

// 2026-11-25 is a Wednesday.
TEST(Schedule, AnEntryHoldsUntilTheNextOneStarts) {
    const Schedule schedule = {entry("0 8 * * MON-FRI", 20, 200), entry("0 18 * * *", 5, 50)};
    EXPECT_EQ(bounds(schedule, "2026-11-25T07:59:59Z"), Bounds(5, 50));
    EXPECT_EQ(bounds(schedule, "2026-11-25T08:00:00Z"), Bounds(20, 200));
    EXPECT_EQ(bounds(schedule, "2026-11-25T17:59:59.999Z"), Bounds(20, 200));
    EXPECT_EQ(bounds(schedule, "2026-11-25T18:00:00Z"), Bounds(5, 50));
    EXPECT_EQ(bounds(schedule, "2026-11-28T12:00:00Z"), Bounds(5, 50));  // a Saturday
}

TEST(Schedule, AnEntryWithAnEndGivesWayToTheConfiguredBounds) {
    const Schedule schedule = {entry("0 8 * * *", 20, std::nullopt, "UTC", "0 18 * * *")};
    EXPECT_EQ(bounds(schedule, "2026-11-25T07:59:00Z"), Bounds(2, 100));
    EXPECT_EQ(bounds(schedule, "2026-11-25T08:00:00Z"), Bounds(20, 100));
    EXPECT_EQ(bounds(schedule, "2026-11-25T18:00:00Z"), Bounds(2, 100));
}

TEST(Schedule, AnEntryWithAnEndGivesWayToTheOneBelowIt) {
    const Schedule schedule = {entry("0 6 * * *", 10, 80),
                               entry("0 12 * * *", 40, std::nullopt, "UTC", "0 14 * * *")};
    EXPECT_EQ(bounds(schedule, "2026-11-25T13:00:00Z"), Bounds(40, 80));
    EXPECT_EQ(bounds(schedule, "2026-11-25T14:00:00Z"), Bounds(10, 80));
}

TEST(Schedule, EachBoundIsOfTheLastEntryThatGivesIt) {
    const Schedule schedule = {entry("0 8 * * *", 20, std::nullopt),
                               entry("0 9 * * *", std::nullopt, 60),
                               entry("0 20 * * *", 1, std::nullopt)};
    EXPECT_EQ(bounds(schedule, "2026-11-25T10:00:00Z"), Bounds(20, 60));
    EXPECT_EQ(bounds(schedule, "2026-11-25T21:00:00Z"), Bounds(1, 60));
}

TEST(Schedule, OfTwoAtOneMomentTheLastInTheListHolds) {
    const Schedule schedule = {entry("0 8 * * *", 20, 30),
                               entry("0 9 * * *", 3, 4, "Europe/Berlin")};
    EXPECT_EQ(bounds(schedule, "2026-11-25T08:30:00Z"), Bounds(3, 4));
    const Schedule turned = {schedule[1], schedule[0]};
    EXPECT_EQ(bounds(turned, "2026-11-25T08:30:00Z"), Bounds(20, 30));
}

TEST(Schedule, AMinimumGivesWayToTheMaximum) {
    const Schedule schedule = {entry("0 8 * * *", 150, std::nullopt)};
    EXPECT_EQ(bounds(schedule, "2026-11-25T10:00:00Z"), Bounds(100, 100));
    const Schedule stopped = {entry("0 8 * * *", std::nullopt, 0)};
    EXPECT_EQ(bounds(stopped, "2026-11-25T10:00:00Z"), Bounds(0, 0));
}

TEST(Schedule, FollowsTheClocksOfItsZone) {
    const Schedule schedule = {entry("0 8 * * *", 20, 30, "Europe/Berlin"),
                               entry("0 18 * * *", 5, 6, "Europe/Berlin")};
    EXPECT_EQ(bounds(schedule, "2026-01-15T06:59:00Z"), Bounds(5, 6));
    EXPECT_EQ(bounds(schedule, "2026-01-15T07:00:00Z"), Bounds(20, 30));
    EXPECT_EQ(bounds(schedule, "2026-07-15T05:59:00Z"), Bounds(5, 6));
    EXPECT_EQ(bounds(schedule, "2026-07-15T06:00:00Z"), Bounds(20, 30));
}

// On 29 March 2026 at 01:00 UTC clocks in Berlin go from 02:00 to 03:00.
TEST(Schedule, ATimeThatIsLeftOutComesWhenTheClocksAreSetForward) {
    const Schedule schedule = {entry("30 2 * * *", 20, 30, "Europe/Berlin"),
                               entry("0 1 * * *", 5, 6, "Europe/Berlin")};
    EXPECT_EQ(bounds(schedule, "2026-03-29T00:59:59Z"), Bounds(5, 6));
    EXPECT_EQ(bounds(schedule, "2026-03-29T01:00:00Z"), Bounds(20, 30));
}

// On 25 October 2026 at 01:00 UTC clocks in Berlin go from 03:00 back to 02:00.
TEST(Schedule, ATimeThatComesTwiceCountsTheFirstTime) {
    const Schedule schedule = {entry("30 2 * * *", 20, 30, "Europe/Berlin"),
                               entry("45 2 * * *", 5, 6, "Europe/Berlin")};
    EXPECT_EQ(bounds(schedule, "2026-10-25T00:30:00Z"), Bounds(20, 30));
    EXPECT_EQ(bounds(schedule, "2026-10-25T00:45:00Z"), Bounds(5, 6));
    EXPECT_EQ(bounds(schedule, "2026-10-25T01:30:00Z"), Bounds(5, 6));  // 02:30 again
    EXPECT_EQ(last_due(schedule[0].start, *schedule[0].zone, utc("2026-10-25T01:40:00Z")),
              std::chrono::floor<seconds>(utc("2026-10-25T00:30:00Z")));
}

// Minute by minute, with the furthest that the clocks have got.
TEST(Schedule, AgreesWithAWalkThroughTheDaysOfEachChange) {
    for (const char* zone_name : {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe"}) {
        const auto zone = load_time_zone(zone_name).value();
        for (const char* text : {"30 2 * * *", "*/20 1-3 * * *", "15 2 * * SUN", "45 1 * * *"}) {
            const Cron times = cron(text);
            for (const char* from :
                 {"2026-03-07T00:00:00Z", "2026-03-28T00:00:00Z", "2026-04-04T00:00:00Z",
                  "2026-10-03T00:00:00Z", "2026-10-24T00:00:00Z", "2026-10-31T00:00:00Z"}) {
                SysSeconds now = std::chrono::floor<seconds>(utc(from));
                auto due = last_due(times, *zone, now);
                LocalSeconds reached = zone->furthest_at(now);
                for (int i = 0; i < 3 * 24 * 60; ++i) {
                    now += minutes{1};
                    const LocalSeconds shown{
                        (now + zone->period_at(now).offset).time_since_epoch()};
                    for (; reached < shown; reached += seconds{1}) {
                        const LocalSeconds next = reached + seconds{1};
                        if (next.time_since_epoch().count() % 60 != 0) continue;
                        if (times.last_until(next) == next) due = now;
                    }
                    ASSERT_EQ(last_due(times, *zone, now), due)
                        << zone_name << " " << text << " " << to_iso8601(now);
                }
            }
        }
    }
}

TEST(Schedule, AnEmptyOneChangesNothing) {
    EXPECT_EQ(with_schedule(two_to_hundred, {}, utc("2026-11-25T10:00:00Z")), two_to_hundred);
}

TEST(Schedule, AServiceThatItTookToZeroIsStartedAgain) {
    const Schedule schedule = {entry("0 8 * * *", 5, 50), entry("0 20 * * *", 0, 0)};
    Observation observation;
    observation.service.desired = Tasks{0};
    const auto at = [&](std::string_view time) {
        return judged(mind_with(SchedulePolicy{}, two_to_hundred, schedule), observation,
                      utc(time));
    };
    EXPECT_EQ(at("2026-11-25T07:00:00Z").action, Action::hold);
    EXPECT_EQ(at("2026-11-25T08:00:00Z").desired, Tasks{5});
    // And without such an entry, it was a person who stopped it.
    const Schedule never_zero = {entry("0 8 * * *", 5, 50)};
    const Mind mind = mind_with(SchedulePolicy{}, two_to_hundred, never_zero);
    EXPECT_EQ(judged(mind, observation, utc("2026-11-25T08:00:00Z")).action, Action::hold);
}

TEST(Schedule, BoundsEveryPolicy) {
    const Schedule schedule = {entry("0 8 * * *", 20, 40)};
    Observation observation;
    observation.queue = {.visible = Messages{5000}, .in_flight = Messages{0}};
    observation.service = {Tasks{10}, Tasks{10}, Tasks{0}, false};
    const Mind mind = mind_with(BacklogPolicy{{}}, two_to_hundred, schedule);
    const TimePoint eight = utc("2026-11-25T08:00:00Z");
    EXPECT_EQ(judged(mind, observation, eight).desired, Tasks{40});
    observation.queue.visible = Messages{0};
    EXPECT_EQ(judged(mind, observation, eight).desired, Tasks{20});
}

TEST(SchedulePolicy, ScalesByTheBoundsAloneWithoutAQueue) {
    Observation observation;
    observation.service = {Tasks{10}, Tasks{10}, Tasks{0}, false};
    const auto within = [&](std::int64_t min_tasks, std::int64_t max_tasks) {
        const Rules rules{.min_tasks = Tasks{min_tasks}, .max_tasks = Tasks{max_tasks}};
        return judged(mind_with(SchedulePolicy{}, rules), observation, noon);
    };
    EXPECT_EQ(within(2, 100).action, Action::hold);
    EXPECT_EQ(within(20, 100).desired, Tasks{20});
    EXPECT_THAT(within(20, 100).reason, HasSubstr("the bounds alone decide, at least 20"));
    EXPECT_EQ(within(2, 5).action, Action::scale_in);
    EXPECT_EQ(within(2, 5).desired, Tasks{5});
    EXPECT_EQ(within(0, 0).desired, Tasks{0});
}

TEST(SchedulePolicy, AQueueThatCannotBeReadHoldsNothing) {
    Observation observation;
    observation.queue.missing = "connection refused";
    observation.service = {Tasks{10}, Tasks{10}, Tasks{0}, false};
    const Rules rules{.min_tasks = Tasks{2}, .max_tasks = Tasks{5}};
    const Mind mind = mind_with(SchedulePolicy{}, rules);
    EXPECT_EQ(judged(mind, observation, noon).desired, Tasks{5});
    observation.queue.visible = Messages{7};
    EXPECT_EQ(judged(mind, observation, noon).desired, Tasks{5});
}

}  // namespace
}  // namespace fas::scaling
