#include "simulation/comparison_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/simulation/comparison.h"

namespace fas::simulation {
namespace {

using testing::HasSubstr;

TEST(ComparisonJson, HasAllThatThereIs) {
    Comparison comparison = small_comparison();
    comparison.contestants.erase(comparison.contestants.begin());
    comparison.contestants[0].outcome.timeline.resize(2);
    comparison.contestants[1].outcome = {};
    EXPECT_EQ(
        comparison_json(comparison),
        R"({"trace":{"start":null,"length_seconds":3600,"messages":3600,)"
        R"("peak_messages_per_second":1},)"
        R"("plant":{"work_mean_seconds":5,"work_variation":1,"messages_per_task":1,)"
        R"("start_up_median_seconds":45,"start_up_p95_seconds":75,"scale_in":"kill",)"
        R"("stop_timeout_seconds":30,"visibility_timeout_seconds":30,)"
        R"("billed_at_least_seconds":60,"ends_when_idle_seconds":null},)"
        R"("readings":{"delay_seconds":0,"noise_share":0},)"
        R"("prices":{"task_hour_dollars":0.05,"wait_limit_seconds":60},)"
        R"("initial_tasks":1,"seed":1,"notes":[],"contestants":[)"
        R"({"name":"keda","judged":true,"follows":"https://keda.sh/docs/latest/scalers/aws-sqs/",)"
        R"("note":"with the HPA's own defaults","length_seconds":3600,)"
        R"("summary":{"messages":3600,"wait_mean_seconds":6.6,"wait_p50_seconds":0,)"
        R"("wait_p95_seconds":16.5,"wait_p99_seconds":66,"wait_max_seconds":198,)"
        R"("over_limit_share":0.004,"task_hours":104,"cost_dollars":5.2,"cost_ratio":1.5,)"
        R"("killed_share":0,"changes":2,"changes_a_day":48},)"
        R"("versus_oracle":{"wait_p99_more_seconds":65.6,"cost_more_share":0.7333333333333334},)"
        R"("timeline":{"stretch_seconds":900,"most_visible":[0,40],"in_flight":[1,8],)"
        R"("desired_tasks":[1,8],"running_tasks":[1,3],"longest_wait_seconds":[0,66]},)"
        R"("changes":[{"at_seconds":600,"from_tasks":1,"to_tasks":8,)"
        R"("reason":"8 < 9 & \"so\""},)"
        R"({"at_seconds":1800,"from_tasks":8,"to_tasks":2,"reason":"it is over"}]},)"
        R"({"name":"oracle","judged":false,"follows":null,"note":"knows what comes",)"
        R"("length_seconds":0,)"
        R"("summary":{"messages":3600,"wait_mean_seconds":0.04,"wait_p50_seconds":0,)"
        R"("wait_p95_seconds":0.1,"wait_p99_seconds":0.4,"wait_max_seconds":1.2000000000000002,)"
        R"("over_limit_share":0.004,"task_hours":60,"cost_dollars":3,"cost_ratio":1.5,)"
        R"("killed_share":0,"changes":2,"changes_a_day":48},)"
        R"("versus_oracle":null,)"
        R"("timeline":{"stretch_seconds":0,"most_visible":[],"in_flight":[],"desired_tasks":[],)"
        R"("running_tasks":[],"longest_wait_seconds":[]},"changes":[]}]})");
}

TEST(ComparisonJson, SaysNothingOfWhatThereIsNot) {
    Comparison comparison = small_comparison();
    comparison.contestants.pop_back();
    comparison.contestants[0].summary.cost_ratio = 0;
    comparison.world.trace.start = *parse_iso8601("2026-03-01T00:00:00Z");
    comparison.world.plant.ends_when_idle = Seconds{600};
    const std::string json = comparison_json(comparison);
    EXPECT_THAT(json, HasSubstr(R"("start":"2026-03-01T00:00:00Z")"));
    EXPECT_THAT(json, HasSubstr(R"("ends_when_idle_seconds":600)"));
    EXPECT_THAT(json, HasSubstr(R"("cost_ratio":null)"));
    EXPECT_THAT(json, HasSubstr(R"("versus_oracle":null)"));
}

}  // namespace
}  // namespace fas::simulation
