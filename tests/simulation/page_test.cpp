#include "simulation/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scaling/backlog.h"
#include "simulation/autoscaler.h"
#include "simulation/generator.h"
#include "tests/simulation/comparison.h"

namespace fas::simulation {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Page, BeginsWithWhatItSays) {
    const std::string page = comparison_page(small_comparison());
    EXPECT_THAT(page,
                HasSubstr("<h1>staffing would have kept p99 of the waits at 12 s for $4.10</h1>\n"
                          "<p class=\"lead\">keda: 1 min 6 s for $5.20.</p>"));
    EXPECT_THAT(page, HasSubstr("<td class=\"best\">$4.10</td>"));
    EXPECT_THAT(page, HasSubstr("Beside them, and not judged"));
}

TEST(Page, ADotSaysWhenWhatAndWhy) {
    const std::string page = comparison_page(small_comparison());
    EXPECT_THAT(page, HasSubstr("<title>10 min: 1 -&gt; 8: 8 &lt; 9 &amp; &quot;so&quot;</title>"));
    EXPECT_THAT(page, HasSubstr("<title>30 min: 8 -&gt; 2: it is over</title>"));
}

TEST(Page, WhoCannotSeeTheChartsIsToldWhatTheyShow) {
    const std::string page = comparison_page(small_comparison());
    EXPECT_THAT(page,
                HasSubstr("aria-label=\"Messages that wait over time. staffing: at most 40, at "
                          "15 min. keda: at most 40, at 15 min. oracle"));
    EXPECT_THAT(page,
                HasSubstr("aria-label=\"Tasks of keda over time: at most 8 asked for, 2 changes."));
}

TEST(Page, HasAllThatItDependsOn) {
    const std::string page = comparison_page(small_comparison(), "<section>more</section>");
    EXPECT_THAT(page, HasSubstr("<dt>seed</dt><dd>1</dd>"));
    EXPECT_THAT(
        page, HasSubstr("with the HPA&#39;s own defaults; as in <a href=\"https://keda.sh/docs/"));
    EXPECT_THAT(page, HasSubstr("<section>more</section>"));
}

TEST(Page, NothingForeignIsMarkup) {
    Comparison comparison = small_comparison();
    const std::string evil = "<script>\"'&\x1b";
    for (Contestant& one : comparison.contestants) {
        one.name = one.note = one.follows = evil;
        for (Change& change : one.outcome.changes) change.reason = evil;
    }
    comparison.contestants[1].follows = "https://x\"><script>";
    const std::string page = comparison_page(comparison);
    EXPECT_THAT(page, Not(HasSubstr("<script")));
    EXPECT_THAT(page, Not(HasSubstr("\x1b")));
    EXPECT_THAT(page, Not(HasSubstr("\"'")));
    EXPECT_THAT(page, HasSubstr("href=\"https://x&quot;&gt;&lt;script&gt;\""));
    EXPECT_THAT(page, Not(HasSubstr("href=\"&lt;")));
}

// A check a second, no cooldown, and a policy that follows each message.
Comparison busy_day(std::size_t contestants) {
    Comparison comparison;
    comparison.world.trace = generate({.shape = Shape::daily, .rate = 1, .peak = 6}, 1);
    AutoscalerParameters parameters;
    parameters.mind = {.policy =
                           std::make_shared<scaling::BacklogPolicy>(scaling::BacklogParameters{
                               .target_messages_per_task = 1.5, .tolerance = 0})};
    parameters.mind.rules.min_tasks = {1};
    parameters.mind.rules.scale_out_cooldown = Seconds{0};
    parameters.mind.rules.scale_in_cooldown = Seconds{0};
    parameters.mind.rules.scale_in_evidence = Seconds{0};
    Contestant one{.name = "busy"};
    Autoscaler autoscaler{parameters};
    one.outcome = simulate(comparison.world, autoscaler);
    one.summary = summarise(one.outcome, comparison.prices);
    comparison.contestants.assign(contestants, one);
    return comparison;
}

TEST(Page, ADayOfSixBusyContestantsIsBelow300Kilobytes) {
    const Comparison comparison = busy_day(6);
    EXPECT_GT(comparison.contestants.front().summary.changes, 5000U);
    EXPECT_LT(comparison_page(comparison).size(), 300'000U);
}

TEST(Page, NothingSimulatedIsNoMishap) {
    Comparison comparison;
    EXPECT_THAT(comparison_page(comparison), HasSubstr("0 messages"));
    comparison.contestants.push_back({.name = "alone"});
    EXPECT_THAT(comparison_page(comparison), HasSubstr("alone"));
}

}  // namespace
}  // namespace fas::simulation
