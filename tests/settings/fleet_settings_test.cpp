// Many targets in one configuration, and services that are found by their tags.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "settings/discovered_settings.h"
#include "settings/document_controls.h"
#include "settings/read_settings.h"
#include "tests/settings/settings_from_text.h"

namespace fas::settings {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// A file whose top level has what every target needs, but its service.
std::string with_targets(const std::string& targets) {
    return R"({"s3_config_bucket": "bucket", "cluster_name": "shop", "min_tasks": 1,
               "queue_config": {"queue_url": "http://localhost/queue"}, "targets": )" +
           targets + "}";
}

std::string problem_with(const std::string& targets) {
    return problem_in(file(with_targets(targets)), Purpose::check);
}

TEST(FleetSettings, ANearerPlaceWins) {
    const auto fleet = fleet_from(sources_of(
        {{"MAX_TASKS", "20"}, {"TOLERANCE", "0.2"}, {"SCALE_IN_COOLDOWN", "20"}},
        R"({"s3_config_bucket": "bucket", "cluster_name": "shop", "min_tasks": 1, "max_tasks": 10,
            "queue_config": {"queue_url": "http://localhost/queue"},
            "targets": [{"scale_in_cooldown": 40, "scale_out_cooldown": 40, "targets": [
                {"scale_out_cooldown": 50, "targets": [{"service_name": "a", "hold_at": 3},
                                                       {"service_name": "b", "max_tasks": 60}]}]},
                        {"service_name": "c"}]})",
        R"({"config": {"tolerance": 0.3}})"));
    ASSERT_EQ(fleet.targets.size(), 3U);
    EXPECT_TRUE(fleet.listed);
    EXPECT_EQ(fleet.groups, 2U);
    const TargetSettings& a = fleet.targets[0];
    EXPECT_EQ(a.service_name, "a");
    EXPECT_EQ(a.rules.min_tasks, Tasks{1});
    EXPECT_EQ(a.rules.max_tasks, Tasks{20});
    EXPECT_EQ(a.backlog.tolerance, 0.3);
    EXPECT_EQ(a.rules.scale_in_cooldown, Seconds{40});
    EXPECT_EQ(a.rules.scale_out_cooldown, Seconds{50});
    EXPECT_EQ(a.rules.hold_at, Tasks{3});
    EXPECT_EQ(fleet.targets[1].rules.max_tasks, Tasks{60});
    EXPECT_EQ(fleet.targets[1].rules.hold_at, std::nullopt);
    EXPECT_EQ(fleet.targets[2].rules.scale_in_cooldown, Seconds{20});
}

TEST(FleetSettings, AnEventsTargetsReplaceTheFiles) {
    const auto fleet =
        fleet_from(sources_of({}, with_targets(R"([{"service_name": "a"}])"),
                              R"({"config": {"targets": [{"service_name": "b"}]}})"));
    ASSERT_EQ(fleet.targets.size(), 1U);
    EXPECT_EQ(fleet.targets[0].service_name, "b");
}

// A map hands over some targets: they are all that this invocation is to check.
TEST(FleetSettings, AnEventsTargetsTakeThePlaceOfDiscoveriesToo) {
    const std::string with_both =
        R"({"s3_config_bucket": "bucket", "discover": [{"clusters": ["shop"]}],
            "targets": [{"cluster_name": "shop", "service_name": "a",
                         "queue_config": {"queue_url": "http://localhost/queue"}}]})";
    EXPECT_EQ(fleet_from(file(with_both)).discoveries.size(), 1U);
    const auto fleet = fleet_from(
        sources_of({}, with_both,
                   R"({"config": {"targets": [{"cluster_name": "shop", "service_name": "b",
                        "queue_config": {"queue_url": "http://localhost/queue"}}]}})"));
    EXPECT_EQ(fleet.targets.at(0).service_name, "b");
    EXPECT_THAT(fleet.discoveries, IsEmpty());
}

TEST(FleetSettings, ATargetsOwnWayToSayItsMessagesPerTaskWins) {
    const auto fleet = fleet_from(file(with_targets(
        R"([{"target_latency": 30, "mean_processing_time": 3, "targets": [
              {"service_name": "a"}, {"service_name": "b", "target_messages_per_task": 7}]}])")));
    EXPECT_EQ(fleet.targets.at(0).backlog.target_messages_per_task, 10);
    EXPECT_EQ(fleet.targets.at(1).backlog.target_messages_per_task, 7);
}

TEST(FleetSettings, ProblemsNameTheirPlace) {
    EXPECT_THAT(problem_with(R"([{"service_name": "a"}, {"service_name": "b", "max_tasks": -1}])"),
                HasSubstr("max_tasks = -1 (file x.json, targets[1] (shop/b))"));
    EXPECT_THAT(problem_with(R"([{"targets": [{}]}])"),
                HasSubstr("service_name (missing in file x.json, targets[0].targets[0])"));
    EXPECT_THAT(problem_with(R"([{"service_name": "a", "metrics": "none"}])"),
                AllOf(HasSubstr("metrics (file x.json, targets[0]"), HasSubstr("at the top")));
    EXPECT_THAT(problem_with("[3]"), HasSubstr("targets = 3 (file x.json, targets[0]"));
    EXPECT_THAT(problem_with("{}"), HasSubstr("a list of targets"));
    EXPECT_THAT(problem_with("[]"), HasSubstr("no target"));
}

TEST(FleetSettings, GroupsAreNestedFourDeepAtMost) {
    const auto nested = [](int groups) {
        std::string text = R"([{"service_name": "a"}])";
        for (int i = 0; i < groups; ++i) text = R"([{"targets": )" + text + "}]";
        return problem_with(text);
    };
    EXPECT_EQ(nested(4), "no problem");
    EXPECT_THAT(nested(5), HasSubstr("4 deep at most"));
}

TEST(FleetSettings, ATargetStandsThereOnce) {
    EXPECT_THAT(problem_with(R"([{"service_name": "a"}, {"service_name": "a"}])"),
                AllOf(HasSubstr("targets[1] (shop/a)"), HasSubstr("targets[0] (shop/a)")));
    EXPECT_THAT(problem_with(R"([{"service_name": "a"},
                                 {"service_name": "a", "region": "eu-west-1"}])"),
                AllOf(HasSubstr("targets[0] (shop/a)"), HasSubstr("as its ARN")));
    EXPECT_THAT(problem_with(R"([{"service_name": "a"}, {"service_name": "a", "region": "eu-west-1",
                                                        "s3_config_bucket": "another"}])"),
                HasSubstr("as its ARN"))
        << "reports would call both by one name";
}

TEST(FleetSettings, ABadTargetIsRefusedAloneAndItsControlsAreKnown) {
    const auto read = read_settings(file(with_targets(R"([{"service_name": "a"},
            {"service_name": "b", "max_task": 1, "pause": "in", "hold_at": 3},
            {"service_name": "c", "pause": "al"},
            {"pause": "out", "max_task": 1, "targets": [{"service_name": "d"}]}])")),
                                    Purpose::check);
    ASSERT_TRUE(std::holds_alternative<FleetSettings>(read));
    const auto& fleet = std::get<FleetSettings>(read);
    ASSERT_EQ(fleet.targets.size(), 1U);
    EXPECT_EQ(fleet.targets.front().service_name, "a");
    ASSERT_EQ(fleet.refused.size(), 4U);  // the group itself is the last
    EXPECT_EQ(fleet.refused[0].name, "shop/b");
    EXPECT_EQ(fleet.refused[0].controls.pause, scaling::Pause::in);
    EXPECT_EQ(fleet.refused[0].controls.hold_at, Tasks{3});
    EXPECT_EQ(fleet.refused[1].name, "shop/c");
    EXPECT_EQ(fleet.refused[1].controls.pause, scaling::Pause::all);
    EXPECT_EQ(fleet.refused[2].name, "shop/d");
    EXPECT_EQ(fleet.refused[2].controls.pause, scaling::Pause::out);
    EXPECT_EQ(problems_of(read).size(), 3U);
}

TEST(FleetSettings, TheControlsOfADocumentAreReadWhateverElseIsInIt) {
    const auto controls = [](std::string text) {
        return controls_of(Document{"file", std::move(text)});
    };
    EXPECT_EQ(controls(R"({"pause": "in", "max_task": []})").pause, scaling::Pause::in);
    EXPECT_EQ(controls(R"({"pause": "al"})").pause, scaling::Pause::all);
    EXPECT_EQ(controls(R"({"pause": null})").pause, scaling::Pause::all);
    EXPECT_EQ(controls(R"({"hold_at": 7, "policy": 3})").hold_at, Tasks{7});
    EXPECT_EQ(controls(R"({"hold_at": -7})").pause, scaling::Pause::all);
    EXPECT_EQ(controls(R"({"max_tasks": 3})"), scaling::Controls{});
    EXPECT_EQ(controls(R"({"pause": "all")"), scaling::Controls{});
}

TEST(FleetSettings, OnlyTheFirstProblemsAreWrittenOut) {
    std::string targets = "[{}";
    for (int i = 1; i < 60; ++i) targets += ",{}";
    const auto problems = problems_in(file(with_targets(targets + "]")), Purpose::check);
    ASSERT_EQ(problems.size(), 60U);
    const auto lines = problem_lines(problems);
    EXPECT_EQ(lines.size(), 51U);
    EXPECT_EQ(lines.back(), "and 10 more");
}

DiscoverySettings discovery() {
    const auto fleet = fleet_from(file(R"({"s3_config_bucket": "bucket", "min_tasks": 1,
        "discover": [{"clusters": ["shop"], "region": "eu-west-1"}]})"));
    EXPECT_THAT(fleet.targets, IsEmpty());
    return fleet.discoveries.at(0);
}

const clients::ControlTag enabled{"enabled", "true"};
const clients::ControlTag queue{"queue_url", "https://sqs.eu-west-1.amazonaws.com/123456789012/q"};

std::string tag_problem(std::vector<clients::ControlTag> tags) {
    const auto read = settings_of_discovered(discovery(), "shop", "worker", tags);
    const auto* problems = std::get_if<std::vector<Problem>>(&read);
    if (problems == nullptr || problems->size() != 1) return "not one problem";
    return describe(problems->front());
}

TEST(DiscoveredSettings, TagsWinOverTheDefaults) {
    EXPECT_THAT(discovery().clusters, ElementsAre("shop"));
    const std::vector<clients::ControlTag> tags = {
        enabled, queue, {"max_tasks", "7"}, {"pause", "nonsense"}};
    const auto read = settings_of_discovered(discovery(), "shop", "worker", tags);
    ASSERT_TRUE(std::holds_alternative<TargetSettings>(read));
    const auto& target = std::get<TargetSettings>(read);
    EXPECT_EQ(target.cluster_name, "shop");
    EXPECT_EQ(target.service_name, "worker");
    EXPECT_EQ(queue_name(target.queues.front()), queue.value);
    EXPECT_EQ(target.region, "eu-west-1");
    EXPECT_EQ(target.rules.min_tasks, Tasks{1});
    EXPECT_EQ(target.rules.max_tasks, Tasks{7});
}

TEST(DiscoveredSettings, TagsAskForNoMoreTasksThanTheDocumentAllows) {
    const auto asked_of = [](const std::string& document, const std::string& most) {
        const auto fleet = fleet_from(file(document));
        const std::vector<clients::ControlTag> tags{
            enabled,
            {"queue_url", "https://sqs.eu-west-1.amazonaws.com/123456789012/q"},
            {"max_tasks", most},
            {"schedule", R"([{"start": "0 8 * * *", "max_tasks": )" + most + "}]"}};
        std::vector<std::string> bounded;
        const auto read =
            settings_of_discovered(fleet.discoveries.at(0), "shop", "worker", tags,
                                   [&](std::string_view key, Tasks) { bounded.emplace_back(key); });
        const auto& target = std::get<TargetSettings>(read);
        EXPECT_EQ(target.schedule.at(0).max_tasks, target.rules.max_tasks);
        EXPECT_EQ(bounded.empty(), most == std::to_string(target.rules.max_tasks.value));
        return target.rules.max_tasks.value;
    };
    const std::string document = R"({"s3_config_bucket": "bucket", "min_tasks": 1, "max_tasks": 40,
        "region": "eu-west-1", "discover": [{"clusters": ["shop"]MORE}]})";
    const auto with = [&document](const std::string& more) {
        return std::string{document}.replace(document.find("MORE"), 4, more);
    };
    EXPECT_EQ(asked_of(with(""), "30"), 30);
    EXPECT_EQ(asked_of(with(""), "100000"), 40);
    EXPECT_EQ(asked_of(with(R"(, "max_tasks": 50)"), "100000"), 50);
    EXPECT_EQ(asked_of(with(R"(, "max_tasks_by_tag": 80)"), "100000"), 80);
    EXPECT_EQ(asked_of(with(R"(, "max_tasks_by_tag": 20)"), "30"), 20);
}

TEST(DiscoveredSettings, WhatIsNotEnabledIsNotInTheFleetAndNoProblem) {
    for (const char* value : {"false", "", "maybe"}) {
        const std::vector<clients::ControlTag> tags = {{"enabled", value}, {"max_tasks", "x"}};
        const auto read = settings_of_discovered(discovery(), "shop", "worker", tags);
        ASSERT_TRUE(std::holds_alternative<std::vector<Problem>>(read)) << value;
        EXPECT_THAT(std::get<std::vector<Problem>>(read), IsEmpty());
    }
}

TEST(DiscoveredSettings, TagsHaveProblemsToo) {
    EXPECT_THAT(tag_problem({enabled, queue, {"max_task", "7"}}),
                AllOf(HasSubstr("tag fast-autoscaler:max_task of service worker"),
                      HasSubstr("did you mean max_tasks?")));
    EXPECT_THAT(tag_problem({enabled, queue, {"max_tasks", "many"}}), HasSubstr("an integer"));
    EXPECT_THAT(tag_problem({enabled, queue, {"log_level", "DEBUG"}}), HasSubstr("cannot say"));
    EXPECT_THAT(tag_problem({enabled, queue, {"region", "eu-west-1"}}), HasSubstr("cannot say"));
    EXPECT_THAT(tag_problem({enabled}), HasSubstr("queue_config.queue_url (missing in service"));
}

TEST(DiscoveredSettings, TheSameDiscoveryIsEqual) {
    EXPECT_EQ(discovery(), discovery());
    DiscoverySettings other = discovery();
    other.clusters = {"another"};
    EXPECT_FALSE(other == discovery());
}

}  // namespace
}  // namespace fas::settings
