#include "simulation/condition.h"

#include <gtest/gtest.h>

namespace fas::simulation {
namespace {

bool condition_holds(std::string_view text, const Summary& summary) {
    const auto condition = parse_condition(text);
    EXPECT_TRUE(condition) << condition.error().message;
    return condition && condition->holds_for(summary);
}

std::string refusal_of_condition(std::string_view text) {
    const auto condition = parse_condition(text);
    return condition ? "" : condition.error().message;
}

TEST(Condition, ComparesAFigureWithALimit) {
    const Summary summary{.wait_p95 = Seconds{60}, .over_limit = 0.02, .cost = 4};
    EXPECT_FALSE(condition_holds("p95_wait > 60s", summary));
    EXPECT_TRUE(condition_holds("p95_wait >= 1m", summary));
    EXPECT_TRUE(condition_holds("p95_wait>59.5s", summary));
    EXPECT_TRUE(condition_holds("over_limit > 1%", summary));
    EXPECT_FALSE(condition_holds("over_limit > 0.02", summary));
    EXPECT_TRUE(condition_holds("cost < 5", summary));
    EXPECT_TRUE(condition_holds("cost <= 4", summary));
}

TEST(Condition, SaysWhatIsWrong) {
    EXPECT_EQ(refusal_of_condition("p95_wait"),
              "p95_wait is no condition; it must be like 'p95_wait > 60s'");
    EXPECT_EQ(refusal_of_condition("p95_wai > 60s"),
              "there is no figure p95_wai, did you mean p95_wait?");
    EXPECT_EQ(refusal_of_condition("x > 1"),
              "there is no figure x; there are mean_wait, p50_wait, p95_wait, p99_wait, max_wait, "
              "over_limit, killed, task_hours, cost, cost_ratio, changes_a_day");
    EXPECT_EQ(refusal_of_condition("p95_wait > 60"),
              "60 is no limit for p95_wait; it must be a time like 60s");
    EXPECT_EQ(refusal_of_condition("killed > x%"),
              "x% is no limit for killed; it must be a share like 0.01 or 1%");
    EXPECT_EQ(refusal_of_condition("cost > -1"),
              "-1 is no limit for cost; it must be a number of at least 0");
}

}  // namespace
}  // namespace fas::simulation
