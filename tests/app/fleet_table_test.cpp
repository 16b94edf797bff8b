#include "app/fleet_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace fas::app {
namespace {

using testing::AllOf;
using testing::HasSubstr;

const TimePoint noon = *from_epoch_seconds(1'700'000'000);

engine::CheckReport at_rest(const std::string& target) {
    engine::CheckReport report;
    report.target = target;
    report.time = noon;
    report.queue = scaling::QueueDepth{Messages{0}, Messages{0}};
    report.service = scaling::ServiceState{Tasks{1}, Tasks{1}, Tasks{0}};
    report.decision = scaling::Decision{scaling::Action::hold, Tasks{1}, Tasks{1}, Messages{0}, ""};
    return report;
}

engine::CheckReport scaled_out(const std::string& target) {
    engine::CheckReport report = at_rest(target);
    report.queue = scaling::QueueDepth{Messages{60}, Messages{2}};
    report.decision =
        scaling::Decision{scaling::Action::scale_out, Tasks{1}, Tasks{6}, Messages{62}, ""};
    report.changed = true;
    return report;
}

engine::CheckReport failed(const std::string& target) {
    engine::CheckReport report = at_rest(target);
    report.queue = {};
    report.decision.reset();
    report.errors = {{.kind = ErrorKind::denied, .message = "cannot read the depth of queue q"}};
    return report;
}

std::string line_of(const std::string& frame, const std::string& target) {
    const auto begin = frame.find("\n" + target);
    return begin == std::string::npos
               ? ""
               : frame.substr(begin + 1, frame.find('\n', begin + 1) - begin - 1);
}

TEST(FleetTable, HasALineForEachTargetAndASummary) {
    FleetTable table{120, 40};
    table.note(at_rest("shop/a"));
    table.note(scaled_out("shop/b"));
    table.note(failed("shop/c"));
    const std::string frame = table.frame(noon + std::chrono::seconds{3});
    EXPECT_THAT(frame, AllOf(HasSubstr("3 targets, 60 messages wait, 3 tasks run, 1 FAILED"),
                             HasSubstr("22:13:23")));
    EXPECT_THAT(line_of(frame, "shop/b"),
                AllOf(HasSubstr("60         2"), HasSubstr("1 -> 6, 3 s ago")));
    EXPECT_THAT(line_of(frame, "shop/c"),
                AllOf(HasSubstr("?"), HasSubstr("FAILED: cannot read the depth of queue q")));
}

TEST(FleetTable, AChangeStaysInSightAfterTheNextCheck) {
    FleetTable table{120, 40};
    table.note(scaled_out("shop/b"));
    table.note(at_rest("shop/b"));
    EXPECT_THAT(table.frame(noon), HasSubstr("1 -> 6, 0 s ago"));
}

TEST(FleetTable, WhereThereIsNoRoomWhatIsAtRestIsCounted) {
    FleetTable table{120, 7};
    for (int i = 0; i < 9; ++i) table.note(at_rest("shop/rest-" + std::to_string(i)));
    table.note(scaled_out("shop/y"));
    table.note(failed("shop/z"));
    const std::string frame = table.frame(noon);
    EXPECT_THAT(frame, AllOf(HasSubstr("shop/z"), HasSubstr("shop/y"), HasSubstr("shop/rest-0"),
                             HasSubstr("and 8 more, 8 of them at rest")));
    EXPECT_LE(std::count(frame.begin(), frame.end(), '\n'), 7);
}

TEST(FleetTable, TargetsThatAreNoMoreAreForgottenAndThoseToComeAreCounted) {
    FleetTable table{120, 40};
    table.note(at_rest("shop/a"));
    table.note(at_rest("shop/b"));
    table.keep_only([](const std::string& name) { return name == "shop/b"; }, 12);
    const std::string frame = table.frame(noon);
    EXPECT_THAT(frame, HasSubstr("12 targets"));
    EXPECT_EQ(line_of(frame, "shop/a"), "");
    EXPECT_NE(line_of(frame, "shop/b"), "");
}

TEST(FleetTable, ShowsNothingThatATerminalObeys) {
    FleetTable table{120, 40};
    engine::CheckReport report = failed(
        "shop/\xC2\x9B"
        "2J");
    report.errors.front().message = "no\x1B[2J\nqueue\xC2\x9B";
    table.note(report);
    EXPECT_THAT(line_of(table.frame(noon), "shop/\\u009b2J"),
                HasSubstr("FAILED: no\\u001b[2J\\nqueue\\u009b"));
}

TEST(FleetTable, NoLineIsWiderThanTheTerminal) {
    FleetTable table{60, 40};
    table.note(failed("shop/with-a-name-that-is-longer-than-what-there-is-room-for"));
    const std::string frame = table.frame(noon);
    for (std::size_t begin = 0; begin < frame.size();) {
        const std::size_t end = frame.find('\n', begin);
        EXPECT_LE(end - begin, 60U);
        begin = end + 1;
    }
}

}  // namespace
}  // namespace fas::app
