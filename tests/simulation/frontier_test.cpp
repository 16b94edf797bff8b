#include "simulation/frontier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fas::simulation {
namespace {

using testing::HasSubstr;
using testing::Not;

Frontier small_frontier() {
    return {"max_tasks",
            {{"staffing", {{"10", 4.1, Seconds{66}}, {"20", 5.2, Seconds{12}}}},
             {"<keda>", {{"-", 6, Seconds{40}}}}}};
}

TEST(Frontier, ATableHasARowAPoint) {
    EXPECT_EQ(frontier_table(small_frontier()),
              "          max_tasks        cost         p99\n"
              "staffing         10       $4.10   1 min 6 s\n"
              "                 20       $5.20        12 s\n"
              "<keda>            -       $6.00        40 s\n");
}

TEST(Frontier, JsonHasEachPoint) {
    EXPECT_EQ(frontier_json(small_frontier()),
              R"({"sweep":"max_tasks","lines":[{"name":"staffing","points":[)"
              R"({"value":"10","cost_dollars":4.1,"wait_p99_seconds":66},)"
              R"({"value":"20","cost_dollars":5.2,"wait_p99_seconds":12}]},)"
              R"({"name":"<keda>","points":[)"
              R"({"value":"-","cost_dollars":6,"wait_p99_seconds":40}]}]})");
}

TEST(Frontier, APageLabelsEachPointWithItsValue) {
    const std::string page = frontier_page(small_frontier());
    EXPECT_THAT(page, HasSubstr(">10</text>"));
    EXPECT_THAT(page, HasSubstr(">staffing 20</text>"));
    EXPECT_THAT(page, HasSubstr("<title>staffing, 20: p99 of the waits 12 s for $5.20</title>"));
    EXPECT_THAT(page, HasSubstr("&lt;keda&gt; -</text>"));
    EXPECT_THAT(page, Not(HasSubstr("<keda>")));
}

TEST(Frontier, NothingSweptIsNoMishap) {
    EXPECT_THAT(frontier_page({"max_tasks", {}}), HasSubstr("By max_tasks"));
    EXPECT_EQ(frontier_table({"k", {{"one", {}}}}), "  k        cost         p99\n");
}

}  // namespace
}  // namespace fas::simulation
