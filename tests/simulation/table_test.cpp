#include "simulation/table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "tests/simulation/comparison.h"

namespace fas::simulation {
namespace {

TEST(Table, ShowsWhatTheyWaitedAndWhatItTook) {
    EXPECT_EQ(
        comparison_table(small_comparison()),
        R"(staffing would have kept p99 of the waits at 12 s for $4.10; keda: 1 min 6 s for $5.20

3,600 messages over 1 h, 1 a second in the busiest five minutes; work: 5 s on average, coefficient
of variation 1; messages at a time: 1 a task; start-up: 45 s (median), 1 min 15 s (p95); scale-in:
kills any task, with the messages that it has in hand; visibility timeout: 30 s; tasks at first: 1;
readings: exact, and of the moment; price: $0.05 a task-hour, each task for 1 min at the least;
seed: 1

how long messages waited  p50    p95        p99         max  over 1 min   vs oracle
  staffing                0 s    3 s       12 s        36 s       0.4 %       +12 s
  keda                    0 s   16 s  1 min 6 s  3 min 18 s       0.4 %  +1 min 6 s
  not judged
  oracle                  0 s  0.1 s      0.4 s       1.2 s       0.4 %           -

what it took  task-hours   cost  cost ratio  changes a day  killed  vs oracle
  staffing            82  $4.10        1.50             48     0 %      +37 %
  keda               104  $5.20        1.50             48     0 %      +73 %
  not judged
  oracle              60  $3.00        1.50             48     0 %          -

keda: with the HPA's own defaults
  https://keda.sh/docs/latest/scalers/aws-sqs/
oracle: knows what comes
)");
}

TEST(Table, WithoutAnOracleNothingIsHeldAgainstIt) {
    Comparison comparison = small_comparison();
    comparison.contestants.pop_back();
    EXPECT_THAT(comparison_table(comparison),
                testing::Not(testing::AnyOf(testing::HasSubstr("oracle"),
                                            testing::HasSubstr("not judged"))));
}

TEST(Table, IsAtMostAHundredColumnsWide) {
    Comparison comparison = small_comparison();
    for (Contestant& one : comparison.contestants) {
        if (one.judged) one.name = "a name of 24 characters.";
        one.summary.wait_p50 = one.summary.wait_p95 = one.summary.wait_p99 = Seconds{599};
        one.summary.over_limit = 0.0001;
        one.summary.task_hours = 1e6;
        one.summary.cost = 1e6;
    }
    comparison.contestants.back().summary.wait_p99 = Seconds{0};
    std::istringstream lines{comparison_table(comparison)};
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 100U) << line;
}

TEST(Table, ATerminalObeysNoName) {
    Comparison comparison = small_comparison();
    comparison.contestants[1].name = "keda\x1b[31m";
    comparison.contestants[1].note = "one\nother";
    const std::string text = comparison_table(comparison);
    EXPECT_THAT(text, testing::HasSubstr("keda\\u001b[31m"));
    EXPECT_THAT(text, testing::HasSubstr("one\\nother"));
}

}  // namespace
}  // namespace fas::simulation
