#include "scaling/cron.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "tests/scaling/examples.h"

namespace fas::scaling {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using ::testing::HasSubstr;

LocalSeconds at(int year, int month, int day, int hour = 0, int minute = 0) {
    return std::chrono::local_days{std::chrono::year{year} / month / day} + hours{hour} +
           minutes{minute};
}

std::string problem_of(std::string_view text) {
    std::string problem;
    EXPECT_FALSE(parse_cron(text, &problem)) << text;
    return problem;
}

// 2026-11-25 is a Wednesday.
TEST(Cron, TheLastTimeOfEachForm) {
    struct Case {
        const char* cron;
        LocalSeconds now;
        LocalSeconds last;
    };
    const LocalSeconds now = at(2026, 11, 25, 20, 4);
    const std::vector<Case> cases = {
        {"* * * * *", now, now},
        {"* * * * *", now + std::chrono::seconds{59}, now},
        {"0 8 * * *", now, at(2026, 11, 25, 8)},
        {"0 22 * * *", now, at(2026, 11, 24, 22)},
        {"4 20 * * *", now, now},
        {"5 20 * * *", now, at(2026, 11, 24, 20, 5)},
        {"*/15 * * * *", now, at(2026, 11, 25, 20, 0)},
        {"5-55/10 * * * *", now, at(2026, 11, 25, 19, 55)},
        {"0,30 8-18/2 * * *", now, at(2026, 11, 25, 18, 30)},
        {"0 8 * * MON-FRI", now, at(2026, 11, 25, 8)},
        {"0 8 * * mon", now, at(2026, 11, 23, 8)},
        {"0 8 * * SAT,SUN", now, at(2026, 11, 22, 8)},
        {"0 8 * * 0", now, at(2026, 11, 22, 8)},
        {"0 8 * * 7", now, at(2026, 11, 22, 8)},
        {"0 8 * * FRI-SUN", now, at(2026, 11, 22, 8)},
        {"0 8 1 * *", now, at(2026, 11, 1, 8)},
        {"0 8 31 * *", now, at(2026, 10, 31, 8)},
        {"0 8 * feb *", now, at(2026, 2, 28, 8)},
        {"0 8 29 2 *", now, at(2024, 2, 29, 8)},
        {"0 8 29 2 *", at(2103, 1, 1), at(2096, 2, 29, 8)},
        {"0 8 30 * FRI", now, at(2026, 11, 20, 8)},  // either day will do
        {"0 8 30 * */7", now, at(2026, 8, 30, 8)},   // and here both: *, in steps, is Sundays
        {"0 8 */29 2 */7", at(2026, 11, 25), at(2026, 2, 1, 8)},
        {"@daily", now, at(2026, 11, 25)},
        {"@hourly", now, at(2026, 11, 25, 20)},
        {"@weekly", now, at(2026, 11, 22)},
        {"@monthly", now, at(2026, 11, 1)},
        {"@YEARLY", now, at(2026, 1, 1)},
        {"  0   8\t* * * ", now, at(2026, 11, 25, 8)},
    };
    for (const Case& c : cases) {
        const auto last = cron(c.cron).last_until(c.now);
        ASSERT_TRUE(last) << c.cron;
        EXPECT_EQ(*last, c.last) << c.cron;
    }
}

// Both days must fit, since one begins with *: a 29th of February that is a Sunday. 2100 has none.
TEST(Cron, ARareDayIsFoundAcrossACenturyWithoutALeapDay) {
    const Cron rare = cron("0 0 29 2 */7");
    EXPECT_EQ(rare.last_until(at(2026, 3, 2)), at(2004, 2, 29));
    EXPECT_EQ(rare.last_until(at(2128, 2, 28)), at(2088, 2, 29));
    EXPECT_EQ(rare.last_until(at(2128, 3, 1)), at(2128, 2, 29));
}

TEST(Cron, SaysWhatIsWrong) {
    struct Case {
        const char* cron;
        const char* problem;
    };
    const std::vector<Case> cases = {
        {"", "it has 0 fields, not five"},
        {"0 8 * *", "it has 4 fields, not five"},
        {"0 8 * * ? *", "it has 6 fields, not five"},
        {"60 8 * * *", "\"60\" is no minute: accepted are 0 to 59"},
        {"0 24 * * *", "\"24\" is no hour: accepted are 0 to 23"},
        {"0 8 0 * *", "\"0\" is no day of the month: accepted are 1 to 31"},
        {"0 8 * 13 *", "\"13\" is no month: accepted are 1 to 12, and jan to dec"},
        {"0 8 * * 8", "\"8\" is no day of the week: accepted are 0 to 7, and sun to sat"},
        {"0 8 * * ?", "\"?\" is no day of the week"},
        {"0 22-6 * * *",
         "\"22-6\" is no hour: it ends before it begins; write it as two, 22-23,0-6"},
        {"0 8 * * FRI-MON", "write it as two, 5-6,0-1"},
        {"0/15 * * * *", "a step is one of a range; write 0-59/15"},
        {"*/0 * * * *", "after the / stands how many are one step"},
        {"*/x * * * *", "after the / stands how many are one step"},
        {"0 8,, * * *", "\"\" is no hour"},
        {"0 8- * * *", "\"8-\" is no hour"},
        {"0 -8 * * *", "\"-8\" is no hour"},
        {"+5 8 * * *", "\"+5\" is no minute"},
        {"0 8 30 2 *", "there is no such day in any year"},
        {"0 8 31 4,6,9,11 *", "there is no such day in any year"},
        {"@reboot", "it has 1 fields, not five"},
        {"0 8 30\xCF * *", "it holds a character that no expression has"},
        {"0 8 L * *", "\"L\" is no day of the month"},
    };
    for (const Case& c : cases) EXPECT_THAT(problem_of(c.cron), HasSubstr(c.problem)) << c.cron;
    EXPECT_THAT(problem_of(std::string(300, '*')), HasSubstr("longer than 256 bytes"));
}

// Every expression that is a list of one number a field, against a walk back minute by minute.
TEST(Cron, AgreesWithAWalkBackMinuteByMinute) {
    std::mt19937 random{11};
    const auto pick = [&random](int from, int to) {
        return std::uniform_int_distribution<int>{from, to}(random);
    };
    for (int round = 0; round < 300; ++round) {
        const int minute = pick(0, 59);
        const int hour = pick(-1, 23);  // below: any
        const int day = pick(0, 3) == 0 ? pick(1, 28) : -1;
        const int weekday = pick(0, 2) == 0 ? pick(0, 6) : -1;
        const auto field = [](int number) {
            return number < 0 ? std::string{"*"} : std::to_string(number);
        };
        const Cron parsed =
            cron(field(minute) + " " + field(hour) + " " + field(day) + " * " + field(weekday));
        const LocalSeconds now = at(2026, pick(1, 12), pick(1, 28), pick(0, 23), pick(0, 59));
        LocalSeconds walked = now;
        const auto named = [&](LocalSeconds time) {
            const auto date = std::chrono::floor<std::chrono::days>(time);
            const std::chrono::hh_mm_ss clock{time - date};
            const std::chrono::year_month_day parts{date};
            const bool of_day = static_cast<int>(static_cast<unsigned>(parts.day())) == day;
            const bool of_week =
                static_cast<int>(std::chrono::weekday{date}.c_encoding()) == weekday;
            const bool on = day < 0 && weekday < 0 ? true
                            : day < 0              ? of_week
                            : weekday < 0          ? of_day
                                                   : of_day || of_week;
            return on && (hour < 0 || clock.hours().count() == hour) &&
                   clock.minutes().count() == minute;
        };
        while (!named(walked)) walked -= minutes{1};
        ASSERT_EQ(parsed.last_until(now), walked) << parsed.text();
    }
}

}  // namespace
}  // namespace fas::scaling
