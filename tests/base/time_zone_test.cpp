#include "base/time_zone.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "base/time_zone_files.h"

namespace fas {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::HasSubstr;

SysSeconds utc(int year, int month, int day, int hour, int minute = 0) {
    return std::chrono::sys_days{std::chrono::year{year} / month / day} + hours{hour} +
           minutes{minute};
}

LocalSeconds local(int year, int month, int day, int hour, int minute = 0) {
    return LocalSeconds{utc(year, month, day, hour, minute).time_since_epoch()};
}

TimeZone zone(std::string_view name) {
    auto loaded = load_time_zone(name);
    EXPECT_TRUE(loaded) << (loaded ? "" : loaded.error().message);
    return loaded ? **loaded : TimeZone{};
}

std::string why_not(std::string_view name, std::string_view folder = time_zone_folder) {
    const auto loaded = load_time_zone(name, folder);
    return loaded ? "" : loaded.error().message;
}

// glibc's own reading of the same file.
seconds offset_by_glibc(SysSeconds time) {
    const std::time_t at = time.time_since_epoch().count();
    std::tm parts{};
    localtime_r(&at, &parts);
    return seconds{parts.tm_gmtoff};
}

// glibc takes one zone at a time, for the whole process.
class AsGlibcHasIt : public ::testing::TestWithParam<const char*> {
  protected:
    AsGlibcHasIt() {
        setenv("TZ", GetParam(), 1);
        tzset();
    }
    ~AsGlibcHasIt() override {
        unsetenv("TZ");
        tzset();
    }
};

TEST_P(AsGlibcHasIt, TheOffsetIsTheSameFrom1900To2200) {
    const TimeZone here = zone(GetParam());
    std::mt19937_64 random{1};
    const auto from = utc(1900, 1, 1, 0).time_since_epoch().count();
    const auto to = utc(2200, 1, 1, 0).time_since_epoch().count();
    std::uniform_int_distribution<std::int64_t> any{from, to};
    for (int i = 0; i < 20'000; ++i) {
        const SysSeconds at{seconds{any(random)}};
        const TimeZone::Period period = here.period_at(at);
        ASSERT_EQ(period.offset, offset_by_glibc(at)) << at.time_since_epoch().count();
        ASSERT_LE(period.begin, at);
        ASSERT_GT(period.end, at);
        if (period.end < utc(2200, 1, 1, 0) && period.end > utc(1900, 1, 1, 0)) {
            ASSERT_EQ(offset_by_glibc(period.end - seconds{1}), period.offset);
            ASSERT_EQ(here.period_at(period.end).offset, offset_by_glibc(period.end));
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Zones, AsGlibcHasIt,
                         ::testing::Values("Europe/Berlin", "America/New_York", "Europe/Dublin",
                                           "Africa/Casablanca", "Asia/Gaza", "Asia/Kolkata",
                                           "Australia/Lord_Howe", "America/Nuuk", "Asia/Tehran",
                                           "Pacific/Apia", "Pacific/Chatham", "America/Santiago",
                                           "Antarctica/Troll", "Asia/Tokyo", "Etc/GMT+5"));

TEST(TimeZone, UtcNeedsNoFile) {
    for (const char* name : {"UTC", "Etc/UTC", "GMT"}) {
        const auto loaded = load_time_zone(name, "/nowhere");
        ASSERT_TRUE(loaded);
        EXPECT_EQ((*loaded)->period_at(utc(2026, 7, 1, 0)).offset, seconds{0});
        EXPECT_EQ((*loaded)->first_at(local(2026, 7, 1, 9)), utc(2026, 7, 1, 9));
        EXPECT_EQ((*loaded)->furthest_at(utc(2026, 7, 1, 9)), local(2026, 7, 1, 9));
    }
}

// On 29 March 2026 at 01:00 UTC clocks go from 02:00 to 03:00.
TEST(TimeZone, ATimeThatIsLeftOutComesAtTheEndOfTheGap) {
    const TimeZone berlin = zone("Europe/Berlin");
    EXPECT_EQ(berlin.first_at(local(2026, 3, 29, 1, 59)), utc(2026, 3, 29, 0, 59));
    EXPECT_EQ(berlin.first_at(local(2026, 3, 29, 2, 0)), utc(2026, 3, 29, 1, 0));
    EXPECT_EQ(berlin.first_at(local(2026, 3, 29, 2, 30)), utc(2026, 3, 29, 1, 0));
    EXPECT_EQ(berlin.first_at(local(2026, 3, 29, 3, 0)), utc(2026, 3, 29, 1, 0));
    EXPECT_EQ(berlin.first_at(local(2026, 3, 29, 3, 1)), utc(2026, 3, 29, 1, 1));
}

// On 25 October 2026 at 01:00 UTC clocks go from 03:00 back to 02:00.
TEST(TimeZone, ATimeThatComesTwiceIsTheFirst) {
    const TimeZone berlin = zone("Europe/Berlin");
    EXPECT_EQ(berlin.first_at(local(2026, 10, 25, 2, 30)), utc(2026, 10, 25, 0, 30));
    EXPECT_EQ(berlin.first_at(local(2026, 10, 25, 3, 0)), utc(2026, 10, 25, 2, 0));
    EXPECT_EQ(berlin.furthest_at(utc(2026, 10, 25, 0, 30)), local(2026, 10, 25, 2, 30));
    EXPECT_EQ(berlin.furthest_at(utc(2026, 10, 25, 1, 30)), local(2026, 10, 25, 3, 0) - seconds{1});
    EXPECT_EQ(berlin.furthest_at(utc(2026, 10, 25, 2, 30)), local(2026, 10, 25, 3, 30));
}

// Samoa went without 30 December 2011.
TEST(TimeZone, AWholeDayMayBeLeftOut) {
    const TimeZone apia = zone("Pacific/Apia");
    EXPECT_EQ(apia.first_at(local(2011, 12, 30, 12)), utc(2011, 12, 30, 10));
    EXPECT_EQ(apia.first_at(local(2011, 12, 31, 0)), utc(2011, 12, 30, 10));
}

TEST(TimeZone, ATimeIsReachedWhenTheClocksHaveGotSoFar) {
    std::mt19937_64 random{3};
    for (const char* name : {"Europe/Berlin", "America/Nuuk", "Australia/Lord_Howe", "Pacific/Apia",
                             "Africa/Casablanca"}) {
        const TimeZone here = zone(name);
        std::uniform_int_distribution<std::int64_t> any{0, 4'000'000'000};
        for (int i = 0; i < 5'000; ++i) {
            const LocalSeconds wanted{seconds{any(random)}};
            const SysSeconds first = here.first_at(wanted);
            ASSERT_GE(here.furthest_at(first), wanted) << name;
            ASSERT_LT(here.furthest_at(first - seconds{1}), wanted) << name;
        }
    }
}

TEST(LoadTimeZone, WithoutAnyDataSaysToInstallItOrUseUtc) {
    EXPECT_EQ(why_not("Europe/Berlin", "/nowhere"),
              "no data of time zone Europe/Berlin on this system (/nowhere is not there): install "
              "tzdata, or use UTC");
}

TEST(LoadTimeZone, SuggestsANameThatIsThere) {
    EXPECT_THAT(why_not("Europe/Berln"), HasSubstr("did you mean Europe/Berlin?"));
    EXPECT_THAT(why_not("Europa/Berlin"), HasSubstr("no data of time zone Europa/Berlin"));
}

TEST(LoadTimeZone, NoNameLeadsOutOfTheFolder) {
    for (const char* name : {"", "../../../etc/passwd", "/etc/localtime", "Europe/../../passwd",
                             "Europe//Berlin", "Europe/", ".hidden", "a\nb", "Europe/Ber lin"}) {
        EXPECT_THAT(why_not(name), HasSubstr("is not the name of a time zone")) << name;
    }
    EXPECT_THAT(why_not(std::string(65, 'a')), HasSubstr("is not the name of a time zone"));
}

TEST(LoadTimeZone, AFileThatIsNoZoneIsRefused) {
    EXPECT_THAT(why_not("tzdata.zi"), HasSubstr("is not the name"));
    EXPECT_NE(why_not("Europe"), "");  // a folder
    EXPECT_THAT(why_not("bin", "/usr"), HasSubstr("no data of time zone bin"));
    EXPECT_THAT(why_not("passwd", "/etc"), HasSubstr("it does not begin as one"));
}

TEST(ParseTimeZone, EveryCutOffFileIsRefused) {
    std::ifstream file{"/usr/share/zoneinfo/Europe/Berlin", std::ios::binary};
    const std::string bytes{std::istreambuf_iterator<char>{file}, {}};
    ASSERT_TRUE(parse_time_zone(bytes));
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        ASSERT_FALSE(parse_time_zone(std::string_view{bytes}.substr(0, size))) << size;
    }
}

TEST(PosixZoneRule, ReadsTheFormsThatFilesHave) {
    for (const char* rule : {"UTC0", "CET-1CEST,M3.5.0,M10.5.0/3", "<-03>3", "<+1030>-10:30",
                             "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "IST-1GMT0,M10.5.0,M3.5.0/1",
                             "XXX3EDT4,0/0,J365/23", "EST5EDT,M3.2.0,M11.1.0"}) {
        EXPECT_TRUE(parse_posix_zone_rule(rule)) << rule;
    }
    for (const char* rule : {"", "UT0", "UTC", "CET-1CEST", "CET-1CEST,M3.5.0", "UTC0 ", "UTC25",
                             "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.6.0,M10.5.0",
                             "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,J0,J5", "<+03-3",
                             "CET-1CEST,M3.5.0,M10.5.0/168", "CET-1CEST,M3.5.0,M10.5.0x"}) {
        EXPECT_FALSE(parse_posix_zone_rule(rule)) << rule;
    }
}

TEST(PosixZoneRule, DaysOfTheYear) {
    using Kind = PosixZoneRule::Change::Kind;
    const auto at = [](Kind kind, int day, int year) {
        return local_time_of({.kind = kind, .day = day, .time = seconds{0}},
                             std::chrono::year{year});
    };
    EXPECT_EQ(at(Kind::day, 0, 2024), local(2024, 1, 1, 0));
    EXPECT_EQ(at(Kind::day, 59, 2024), local(2024, 2, 29, 0));
    EXPECT_EQ(at(Kind::day, 59, 2025), local(2025, 3, 1, 0));
    EXPECT_EQ(at(Kind::day_without_leap_day, 59, 2024), local(2024, 2, 28, 0));
    EXPECT_EQ(at(Kind::day_without_leap_day, 60, 2024), local(2024, 3, 1, 0));
    EXPECT_EQ(at(Kind::day_without_leap_day, 60, 2025), local(2025, 3, 1, 0));
}

}  // namespace
}  // namespace fas
