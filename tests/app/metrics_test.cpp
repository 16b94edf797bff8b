#include "app/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fas::app {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

engine::CheckReport held() {
    engine::CheckReport report;
    report.time = *from_epoch_seconds(1'700'000'000.25);
    report.duration = std::chrono::microseconds{12'500};
    report.queue = scaling::QueueDepth{Messages{500}, Messages{20}};
    report.service = scaling::ServiceState{Tasks{10}, Tasks{9}, Tasks{1}, false};
    report.decision =
        scaling::Decision{scaling::Action::hold, Tasks{10}, Tasks{10}, Messages{500}, "cooldown"};
    return report;
}

TEST(Metrics, AreInTheEmbeddedMetricFormat) {
    EXPECT_EQ(
        metrics_line(held(), "shop", "worker"),
        R"({"_aws":{"Timestamp":1700000000250,"CloudWatchMetrics":[{"Namespace":"FastAutoscaler",)"
        R"("Dimensions":[["ClusterName","ServiceName"]],"Metrics":[)"
        R"({"Name":"MessagesVisible","Unit":"Count"},{"Name":"MessagesInFlight","Unit":"Count"},)"
        R"({"Name":"TasksRunning","Unit":"Count"},{"Name":"TasksDesired","Unit":"Count"},)"
        R"({"Name":"TasksWanted","Unit":"Count"},{"Name":"Latency","Unit":"Milliseconds"},)"
        R"({"Name":"Errors","Unit":"Count"}]}]},"ClusterName":"shop","ServiceName":"worker",)"
        R"("MessagesVisible":500,"MessagesInFlight":20,"TasksRunning":9,"TasksDesired":10,)"
        R"("TasksWanted":10,"Latency":12.5,"Errors":0,"Decision":"hold","Reason":"cooldown"})");
}

TEST(Metrics, AChangeThatWasMadeIsTheDesiredCount) {
    engine::CheckReport report = held();
    report.decision->action = scaling::Action::scale_out;
    report.decision->desired = Tasks{15};
    EXPECT_THAT(metrics_line(report, "c", "s"), HasSubstr(R"("TasksDesired":10,"TasksWanted":15)"));
    report.changed = true;
    EXPECT_THAT(metrics_line(report, "c", "s"), HasSubstr(R"("TasksDesired":15,"TasksWanted":15)"));
}

TEST(Metrics, WhatIsUnknownIsLeftOutAndNotZero) {
    engine::CheckReport report = held();
    report.queue = {};
    report.decision.reset();
    report.undecided = "cannot read the queue";
    report.errors = {{.kind = ErrorKind::retryable, .message = "cannot read the queue"}};
    const std::string line = metrics_line(report, "c", "s");
    EXPECT_THAT(line, Not(HasSubstr("Messages")));
    EXPECT_THAT(line, Not(HasSubstr("TasksWanted")));
    EXPECT_THAT(line,
                HasSubstr(R"("Errors":1,"Decision":"none","Reason":"cannot read the queue")"));
}

}  // namespace
}  // namespace fas::app
