#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/lambda_handler.h"
#include "app/report_json.h"
#include "app/report_table.h"

namespace fas::app {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

engine::CheckReport scaled_out() {
    engine::CheckReport report;
    report.target = "demo/api";
    report.time = *from_epoch_seconds(1'700'000'000);
    report.duration = std::chrono::microseconds{12'500};
    report.queue = scaling::QueueDepth{Messages{500}, Messages{20}};
    report.service = scaling::ServiceState{Tasks{10}, Tasks{9}, Tasks{1}, false};
    report.decision = scaling::Decision{scaling::Action::scale_out, Tasks{10}, Tasks{15},
                                        Messages{500}, "500 messages are above 100"};
    report.changed = true;
    return report;
}

engine::CheckReport unreadable_queue() {
    engine::CheckReport report = scaled_out();
    report.queue = {};
    report.queue_unreadable = true;
    report.decision.reset();
    report.undecided = "the queue's depth is unknown (cannot read the depth of queue q)";
    report.changed = false;
    report.errors = {{.kind = ErrorKind::retryable,
                      .message = "cannot read the depth of queue q",
                      .service = "SQS",
                      .code = "ConnectFailed"}};
    return report;
}

TEST(ReportJson, HasTheOriginalsFourMembersAndMore) {
    EXPECT_EQ(report_json(scaled_out()),
              R"({"time":"2023-11-14T22:13:20Z","target":"demo/api","action":"scale_out",)"
              R"("reason":"500 messages are above 100","queue_size":500,"visible":500,)"
              R"("in_flight":20,"current_tasks":10,"new_tasks":15,"messages_per_task":50,)"
              R"("running":9,"pending":1,"changed":true,"dry_run":false,"duration_ms":12.5,)"
              R"("errors":[]})");
}

TEST(ReportJson, WhatIsUnknownIsNull) {
    const std::string json = report_json(unreadable_queue());
    EXPECT_THAT(json, HasSubstr(R"("queue_size":null,"visible":null,"in_flight":null)"));
    EXPECT_THAT(json, HasSubstr(R"("current_tasks":10,"new_tasks":10,"messages_per_task":null)"));
    EXPECT_THAT(json, HasSubstr(R"("action":"hold")"));
    EXPECT_THAT(json, HasSubstr(R"("code":"ConnectFailed")"));
}

TEST(ReportJson, Defect07_NoTasksIsNoDivisionByZero) {
    engine::CheckReport report = scaled_out();
    report.service->desired = Tasks{0};
    EXPECT_THAT(report_json(report), HasSubstr(R"("messages_per_task":null)"));
}

TEST(ReportJson, Defect09_AChangeThatWasNotMadeIsNotReported) {
    engine::CheckReport report = scaled_out();
    report.changed = false;
    EXPECT_THAT(report_json(report), HasSubstr(R"("current_tasks":10,"new_tasks":10)"));
}

TEST(ReportTable, HasAHeadingOnceAndAReasonWhenItChanges) {
    ReportTable table{80};
    const std::string first = table.row(scaled_out());
    EXPECT_THAT(first, HasSubstr("demo/api"));
    EXPECT_THAT(first, HasSubstr("in flight"));
    EXPECT_THAT(first, HasSubstr("22:13:20"));
    EXPECT_THAT(first, HasSubstr("10 -> 15"));
    EXPECT_THAT(first, HasSubstr("500 messages are above 100"));

    engine::CheckReport next = scaled_out();
    next.decision->reason = "499 messages are above 100";
    const std::string second = table.row(next);
    EXPECT_THAT(second, Not(HasSubstr("in flight")));
    EXPECT_THAT(second, Not(HasSubstr("above")));
}

TEST(ReportTable, WrapsReasonsToTheTerminal) {
    engine::CheckReport report = scaled_out();
    for (int i = 0; i < 40; ++i) report.decision->reason += " and more";
    ReportTable table{60};
    const std::string text = table.row(report);
    const std::size_t reason = text.find("500 messages");
    std::size_t line_start = text.rfind('\n', reason) + 1;
    while (line_start < text.size()) {
        const std::size_t line_end = text.find('\n', line_start);
        EXPECT_LE(line_end - line_start, 60U);
        line_start = line_end + 1;
    }
}

TEST(ReportTable, SaysWhatFailed) {
    ReportTable table{100};
    const std::string text = table.row(unreadable_queue());
    EXPECT_THAT(text, HasSubstr("FAILED"));
    EXPECT_THAT(text, HasSubstr("cannot read the depth of queue q"));
    EXPECT_THAT(text, HasSubstr("ConnectFailed"));
}

TEST(ReportTable, SaysWhatBothLooksMetOnce) {
    engine::CheckReport report = unreadable_queue();
    report.errors.push_back(report.errors.front());
    ReportTable table{200};
    const std::string text = table.row(report);
    EXPECT_EQ(text.find("ConnectFailed"), text.rfind("ConnectFailed"));
}

TEST(ReportTable, ShowsNothingThatATerminalObeys) {
    engine::CheckReport report = unreadable_queue();
    report.target =
        "demo/\xC2\x9B"
        "2J";
    report.errors.front().message = "no\x1B[2J\nqueue\xC2\x9B";
    ReportTable table{100};
    const std::string text = table.row(report);
    EXPECT_THAT(text, HasSubstr("demo/\\u009b2J\n"));
    EXPECT_THAT(text, HasSubstr("no\\u001b[2J\\nqueue\\u009b"));
    EXPECT_THAT(text, Not(HasSubstr("\x1B")));
    EXPECT_THAT(text, Not(HasSubstr("\xC2")));
}

TEST(InvocationError, Defect09_NamesWhatFailed) {
    engine::CheckReport report = unreadable_queue();
    EXPECT_EQ(invocation_error(report).type, "Autoscaler.QueueUnreadable");
    EXPECT_THAT(invocation_error(report).message, HasSubstr("cannot read the depth of queue q"));

    report.queue = scaling::QueueDepth{Messages{0}, Messages{0}};
    report.queue_unreadable = false;
    report.service.reset();
    EXPECT_EQ(invocation_error(report).type, "Autoscaler.ServiceUnreadable");

    report = scaled_out();
    report.errors = unreadable_queue().errors;
    EXPECT_EQ(invocation_error(report).type, "Autoscaler.StateUnavailable");
    report.protection_unreadable = true;
    EXPECT_EQ(invocation_error(report).type, "Autoscaler.ProtectionUnreadable");
    report.changed = false;
    EXPECT_EQ(invocation_error(report).type, "Autoscaler.UpdateFailed");
}

}  // namespace
}  // namespace fas::app
