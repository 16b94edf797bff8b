#include "app/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace fas::app {
namespace {

using ::testing::HasSubstr;

Result<CommandLine> parse(std::vector<const char*> arguments) {
    return parse_command_line(arguments);
}

std::string complaint(std::vector<const char*> arguments) {
    const auto line = parse_command_line(arguments);
    return line ? "accepted" : line.error().message;
}

TEST(CommandLine, ReadsACommandAndItsOptions) {
    const auto line =
        parse({"run", "--interval", "250ms", "--config=a.json", "--json", "--dry-run"});
    ASSERT_TRUE(line);
    EXPECT_EQ(line->command, Command::run);
    EXPECT_EQ(line->interval, Milliseconds{250});
    EXPECT_EQ(line->config_place, "a.json");
    EXPECT_TRUE(line->json);
    EXPECT_TRUE(line->dry_run);
}

TEST(CommandLine, AsksForHelpAnywhere) {
    EXPECT_EQ(parse({"--help"})->command, Command::help);
    EXPECT_EQ(parse({"run", "-h"})->command, Command::help);
    EXPECT_EQ(parse({"help"})->command, Command::help);
    EXPECT_EQ(parse({"--version"})->command, Command::version);
}

TEST(CommandLine, NamesTheNearestCommandAndOption) {
    EXPECT_THAT(complaint({"onse"}), HasSubstr("did you mean once?"));
    EXPECT_THAT(complaint({"once", "--dryrun"}), HasSubstr("did you mean --dry-run?"));
    EXPECT_THAT(complaint({"frobnicate"}), HasSubstr("there is no command frobnicate;"));
}

TEST(CommandLine, RefusesWhatDoesNotGoTogether) {
    EXPECT_THAT(complaint({}), HasSubstr("no command"));
    EXPECT_THAT(complaint({"once", "--interval", "1s"}), HasSubstr("does not go with"));
    EXPECT_THAT(complaint({"decide", "--dry-run"}), HasSubstr("does not go with"));
    EXPECT_THAT(complaint({"once", "--json=yes"}), HasSubstr("takes no value"));
    EXPECT_THAT(complaint({"once", "--config"}), HasSubstr("needs a value"));
    EXPECT_THAT(complaint({"once", "extra"}), HasSubstr("there is no option extra"));
}

TEST(CommandLine, ASettingMayBeNamed) {
    EXPECT_EQ(parse({"settings"})->command, Command::settings);
    EXPECT_EQ(parse({"settings"})->setting, "");
    EXPECT_EQ(parse({"settings", "min_tasks", "--json"})->setting, "min_tasks");
    EXPECT_THAT(complaint({"settings", "min_tasks", "max_tasks"}), HasSubstr("max_tasks"));
    EXPECT_THAT(complaint({"settings", "--dry-run"}), HasSubstr("does not go with"));
}

TEST(CommandLine, IntervalsHaveAUnitAndARange) {
    EXPECT_EQ(parse({"run", "--interval", "2m"})->interval, Milliseconds{120'000});
    EXPECT_EQ(parse({"run", "--interval", "1.5s"})->interval, Milliseconds{1500});
    EXPECT_EQ(parse({"run"})->interval, Milliseconds{1000});
    for (const char* interval :
         {"1", "0s", "-1s", "25h", "50ms", "s", "99999999m", "9999999999999999999s"}) {
        EXPECT_THAT(complaint({"run", "--interval", interval}), HasSubstr("100ms")) << interval;
    }
}

}  // namespace
}  // namespace fas::app
